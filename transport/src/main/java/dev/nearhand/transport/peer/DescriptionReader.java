package dev.nearhand.transport.peer;

import dev.nearhand.transport.dtls.Fingerprint;
import dev.nearhand.transport.ice.Candidate;
import dev.nearhand.transport.ice.IceCredentials;
import dev.nearhand.transport.rtp.RtpLayers;
import dev.nearhand.transport.sdp.Attributes;
import dev.nearhand.transport.sdp.MediaDescription;
import dev.nearhand.transport.sdp.Rid;
import dev.nearhand.transport.sdp.SdpError;
import dev.nearhand.transport.sdp.SessionDescription;
import dev.nearhand.transport.sdp.Simulcast;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes from a description of the other side what concerns us. What it cannot use it leaves out; only a text that is
/// no description at all is refused.
final class DescriptionReader {
    /// What a peer takes that does not say (RFC 8841 section 6).
    private static final long DEFAULT_MESSAGE_BYTES = 64 * 1024;

    private DescriptionReader() {}

    static RemoteDescription read(String sdp) {
        return switch (SessionDescription.parse(sdp)) {
            case SdpError error ->
                throw new NegotiationException(
                        "the description cannot be read: line " + error.line() + ": " + error.reason());
            case SessionDescription description -> read(description);
        };
    }

    private static RemoteDescription read(SessionDescription description) {
        List<RemoteSection> sections = new ArrayList<>();
        for (MediaDescription media : description.media()) {
            sections.add(section(description, media));
        }
        return new RemoteDescription(
                sections, description.bundle(), description.attributes().isIceLite());
    }

    private static RemoteSection section(SessionDescription description, MediaDescription media) {
        Attributes attributes = media.attributes();
        return new RemoteSection(
                media.media(),
                media.protocol(),
                media.formats(),
                attributes.mid().orElse(""),
                description.isRejected(media),
                description.direction(media),
                attributes.rtcpMux(),
                attributes.rtcpReducedSize(),
                credentials(description, media),
                fingerprints(description.fingerprints(media)),
                description.setup(media).orElse(null),
                candidates(description.candidates(media)),
                attributes.endOfCandidates() || description.attributes().endOfCandidates(),
                CodecCatalog.understood(media),
                CodecCatalog.redPayloadTypes(media),
                CodecCatalog.parity(media),
                extension(attributes, SectionWriter.MID_EXTENSION),
                transportExtension(media),
                layers(media),
                attributes.ssrcs(),
                attributes.msids().stream()
                        .map(msid -> msid.track())
                        .findFirst()
                        .orElse(""),
                media.isDataChannels(),
                media.sctpPort(),
                maxMessageBytes(attributes),
                SctpInit.read(attributes));
    }

    private static @Nullable IceCredentials credentials(SessionDescription description, MediaDescription media) {
        String ufrag = description.iceUfrag(media).orElse("");
        String pwd = description.icePwd(media).orElse("");
        return IceCredentials.isValid(ufrag, pwd) ? new IceCredentials(ufrag, pwd) : null;
    }

    private static List<Fingerprint> fingerprints(List<String> values) {
        List<Fingerprint> result = new ArrayList<>();
        for (String value : values) {
            Fingerprint fingerprint = Fingerprint.parse(value);
            if (fingerprint != null) {
                result.add(fingerprint);
            }
        }
        return result;
    }

    private static List<Candidate> candidates(List<String> values) {
        List<Candidate> result = new ArrayList<>();
        for (String value : values) {
            Candidate candidate = Candidate.parse(value);
            if (candidate != null) {
                result.add(candidate);
            }
        }
        return result;
    }

    /// The streams of a video section that is sent in several sizes (RFC 8853): those that both `a=simulcast` and a
    /// line of their own name. What we do not answer with is not sent.
    private static RtpLayers layers(MediaDescription media) {
        Attributes attributes = media.attributes();
        List<String> named =
                attributes.rids().stream().filter(Rid::sends).map(Rid::id).toList();
        List<String> rids = attributes.simulcast().map(Simulcast::send).orElse(List.of()).stream()
                .filter(named::contains)
                .limit(RtpLayers.MAX_LAYERS)
                .toList();
        int id = extension(attributes, SectionWriter.RID_EXTENSION);
        boolean toldApart = id != 0 && extension(attributes, SectionWriter.MID_EXTENSION) != 0;
        return rids.size() < 2 || !toldApart || !media.media().equals("video")
                ? RtpLayers.NONE
                : new RtpLayers(rids, id, extension(attributes, SectionWriter.REPAIRED_RID_EXTENSION));
    }

    /// The number of the transport-wide sequence numbers, when the side that has written this tells their arrival too.
    private static int transportExtension(MediaDescription media) {
        boolean tells = media.payloadFormats().stream()
                .anyMatch(format -> format.feedback().contains(MediaWriter.TRANSPORT_FEEDBACK));
        return tells ? extension(media.attributes(), SectionWriter.TRANSPORT_EXTENSION) : 0;
    }

    private static int extension(Attributes attributes, String uri) {
        return attributes.extMaps().stream()
                .filter(map -> map.uri().equals(uri) && map.id() <= 14)
                .map(map -> map.id())
                .findFirst()
                .orElse(0);
    }

    private static long maxMessageBytes(Attributes attributes) {
        long bytes = attributes.maxMessageSize().orElse(DEFAULT_MESSAGE_BYTES);
        return bytes == 0 ? Long.MAX_VALUE : bytes; // "0 ... can handle messages of any size"
    }
}
