package dev.nearhand.transport.sdp;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One section: its `m=` line and what follows it (RFC 8866 section 5.14).
///
/// Always has a `c=` line: browsers refuse a whole description for one section without, even a rejected one.
///
/// @param media `audio`, `video`, `application` …
/// @param port 0 for a section that is rejected, or that lives in its bundle only
/// @param portCount 1 unless written as `port/count`
/// @param protocol `UDP/TLS/RTP/SAVPF`, `UDP/DTLS/SCTP` …
/// @param formats payload types, or `webrtc-datachannel`; may be empty
public record MediaDescription(
        String media,
        int port,
        int portCount,
        String protocol,
        List<String> formats,
        List<Field> fields,
        Attributes attributes) {
    /// The static payload types that WebRTC programs use without an `rtpmap` (RFC 3551 section 6).
    private static final Map<Integer, RtpMap> STATIC = Map.of(
            0, new RtpMap(0, "PCMU", 8_000, 1),
            8, new RtpMap(8, "PCMA", 8_000, 1),
            9, new RtpMap(9, "G722", 8_000, 1));

    public MediaDescription {
        requireWord(media);
        requireWord(protocol);
        formats.forEach(MediaDescription::requireWord);
        if (port < 0 || port > 65_535 || portCount < 1) {
            throw new IllegalArgumentException("no port: " + port + "/" + portCount);
        }
        formats = List.copyOf(formats);
        List<Field> all = new ArrayList<>(fields);
        if (all.stream().noneMatch(field -> field.type() == 'c')) {
            all.add(Field.NO_CONNECTION);
        }
        all.sort(Comparator.comparingInt(Field::order));
        fields = List.copyOf(all);
    }

    private static void requireWord(String word) {
        SdpText.requireOneLine(word);
        if (word.isEmpty() || word.indexOf(' ') >= 0 || word.indexOf('\t') >= 0) {
            throw new IllegalArgumentException("m= is made of words");
        }
    }

    public static MediaDescription of(
            String media, int port, String protocol, List<String> formats, Attributes attributes) {
        return new MediaDescription(media, port, 1, protocol, formats, List.of(), attributes);
    }

    /// A section of data channels, in the form of RFC 8841 or of the drafts before it.
    public boolean isDataChannels() {
        return media.equals("application")
                && protocol.endsWith("DTLS/SCTP")
                && (formats.contains("webrtc-datachannel")
                        || attributes.sctpMapPort().isPresent());
    }

    public boolean isRtp() {
        return protocol.startsWith("RTP/") || protocol.contains("/RTP/");
    }

    /// The SCTP port, from whichever of the two forms the section has; 5000 when it has neither, as all programs use.
    public int sctpPort() {
        return attributes.sctpPort().orElse(attributes.sctpMapPort().orElse(5_000));
    }

    /// The formats of an RTP section that can be used, in the order of the `m=` line: those that are a payload type of
    /// 0–127 with a codec. Any other is left out, and only it.
    public List<PayloadFormat> payloadFormats() {
        Map<Integer, RtpMap> maps = new LinkedHashMap<>();
        attributes.rtpMaps().forEach(map -> maps.putIfAbsent(map.payloadType(), map));
        Map<Integer, Fmtp> fmtps = new LinkedHashMap<>();
        attributes.fmtps().forEach(fmtp -> fmtps.putIfAbsent(fmtp.payloadType(), fmtp));
        List<RtcpFeedback> feedback = attributes.rtcpFeedback();
        return formats.stream()
                .map(format -> (int) SdpText.number(format, PayloadFormat.LARGEST_TYPE))
                .distinct()
                .flatMap(type -> Optional.ofNullable(maps.getOrDefault(type, STATIC.get(type))).stream())
                .map(map -> new PayloadFormat(
                        map.payloadType(),
                        map.encoding(),
                        map.clockRate(),
                        map.channels(),
                        Optional.ofNullable(fmtps.get(map.payloadType()))
                                .map(Fmtp::parameters)
                                .orElse(Map.of()),
                        feedback.stream()
                                .filter(line -> line.appliesTo(map.payloadType()))
                                .map(RtcpFeedback::feedback)
                                .distinct()
                                .toList()))
                .toList();
    }
}
