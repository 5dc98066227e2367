package dev.nearhand.transport.peer;

import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.sdp.MediaDescription;
import dev.nearhand.transport.sdp.PayloadFormat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The formats that can be agreed on, as data: what we offer, what we understand of an offer, and what we answer.
///
/// The rules for parameters are those of each payload format: RFC 6184 section 8.2.2 (profile and packetization mode
/// must be the same, levels may differ), RFC 9628 section 6 (`profile-id`), RTP Payload Format For AV1 section 7.2
/// (`profile`; level and tier tell what a receiver takes), RFC 7587 section 7 (all parameters of Opus are one side's
/// own). Formats of 8 bits and 4:2:0 only, as every decoder has them.
final class CodecCatalog {
    static final List<Codec> VIDEO = List.of(Codec.VP8, Codec.VP9, Codec.H264, Codec.AV1);
    static final List<Codec> AUDIO = List.of(Codec.OPUS);

    private static final String LEVEL = "level-idx";

    /// What is meant where no level is named. Larger pictures are taken as well; but libwebrtc, in the versions that
    /// programs embed, refuses AV1 of any other level than its own, which is this one, in offers and in answers.
    private static final String AV1_LEVEL = "5";

    private static final String RTX = "rtx";
    private static final String MODE = "packetization-mode";

    private CodecCatalog() {}

    /// What we offer for these codecs, most wanted first.
    static List<MediaFormat> offer(List<Codec> codecs) {
        List<MediaFormat> formats = new ArrayList<>();
        for (Codec codec : codecs) {
            switch (codec) {
                case VP8 -> formats.add(video(96, codec, Map.of()));
                case VP9 -> formats.add(video(98, codec, Map.of("profile-id", "0")));
                case H264 -> {
                    formats.add(video(102, codec, h264("1")));
                    formats.add(video(104, codec, h264("0")));
                }
                case AV1 -> formats.add(video(106, codec, Map.of("profile", "0", LEVEL, AV1_LEVEL, "tier", "0")));
                case OPUS ->
                    formats.add(new MediaFormat(
                            111,
                            codec,
                            Map.of("minptime", "10", "useinbandfec", "1"),
                            false,
                            false,
                            false,
                            MediaFormat.NO_RTX));
            }
        }
        return formats;
    }

    private static MediaFormat video(int payloadType, Codec codec, Map<String, String> parameters) {
        return new MediaFormat(payloadType, codec, parameters, true, true, true, payloadType + 1);
    }

    private static Map<String, String> h264(String mode) {
        return Map.of(H264Profile.ASYMMETRY, "1", MODE, mode, H264Profile.PARAMETER, "42e034");
    }

    /// The formats of a section that are understood here, in its order.
    static List<MediaFormat> understood(MediaDescription media) {
        if (!media.isRtp()) {
            return List.of();
        }
        List<PayloadFormat> all = media.payloadFormats();
        Map<String, Integer> rtx = retransmissions(all);
        List<MediaFormat> formats = new ArrayList<>();
        for (PayloadFormat format : all) {
            Codec codec = codec(media.media(), format);
            if (codec != null) {
                int repair = rtx.getOrDefault(Integer.toString(format.payloadType()), MediaFormat.NO_RTX);
                formats.add(MediaFormat.of(format, codec, repair));
            }
        }
        return formats;
    }

    /// What packets are sent again as, by what they are.
    private static Map<String, Integer> retransmissions(List<PayloadFormat> formats) {
        Map<String, Integer> rtx = new HashMap<>();
        for (PayloadFormat format : formats) {
            if (format.is(RTX, MediaFormat.VIDEO_CLOCK_RATE)) {
                rtx.putIfAbsent(format.parameters().getOrDefault("apt", ""), format.payloadType());
            }
        }
        return rtx;
    }

    /// The parity that a section of video describes: both RED and ULPFEC, as one is of no use without the other.
    static ParityFormat parity(MediaDescription media) {
        List<PayloadFormat> all = media.isRtp() && media.media().equals("video") ? media.payloadFormats() : List.of();
        int red = numberOf(ParityFormat.RED, all);
        int ulpfec = numberOf(ParityFormat.ULPFEC, all);
        return red == ParityFormat.ABSENT || ulpfec == ParityFormat.ABSENT
                ? ParityFormat.NONE
                : new ParityFormat(
                        red, ulpfec, retransmissions(all).getOrDefault(Integer.toString(red), ParityFormat.ABSENT));
    }

    private static int numberOf(String encoding, List<PayloadFormat> formats) {
        return formats.stream()
                .filter(format -> format.is(encoding, MediaFormat.VIDEO_CLOCK_RATE))
                .map(PayloadFormat::payloadType)
                .findFirst()
                .orElse(ParityFormat.ABSENT);
    }

    /// What we answer to parity that the other side offered to send with these formats: the same, beside a format
    /// that numbers its pictures. In others nothing tells lost parity, which some senders do not repeat, from lost
    /// media: it would cost a wait and a key frame each time.
    static ParityFormat answer(ParityFormat offered, List<MediaFormat> answered) {
        boolean numbered =
                answered.stream().anyMatch(format -> format.codec() == Codec.VP8 || format.codec() == Codec.VP9);
        return numbered ? offered : ParityFormat.NONE;
    }

    /// The payload types of a section that wrap another one (RFC 2198). They are taken when they come, answered with or
    /// not.
    static Set<Integer> redPayloadTypes(MediaDescription media) {
        Set<Integer> types = new HashSet<>();
        if (media.isRtp()) {
            media.payloadFormats().stream()
                    .filter(format -> format.encoding().toLowerCase(Locale.ROOT).equals(ParityFormat.RED))
                    .forEach(format -> types.add(format.payloadType()));
        }
        return types;
    }

    private static @Nullable Codec codec(String media, PayloadFormat format) {
        for (Codec codec : media.equals("audio") ? AUDIO : VIDEO) {
            int clock = codec.isAudio() ? MediaFormat.AUDIO_CLOCK_RATE : MediaFormat.VIDEO_CLOCK_RATE;
            if (format.is(codec.name(), clock) && canUse(codec, format)) {
                return codec;
            }
        }
        return null;
    }

    private static boolean canUse(Codec codec, PayloadFormat format) {
        Map<String, String> parameters = format.parameters();
        return switch (codec) {
            case VP8 -> true;
            case VP9 -> parameters.getOrDefault("profile-id", "0").equals("0");
            case AV1 -> parameters.getOrDefault("profile", "0").equals("0");
            case OPUS -> format.channels() == 2; // "MUST be 2", RFC 7587 section 7
            case H264 ->
                H264Profile.of(parameters) != null && Set.of("0", "1").contains(parameters.getOrDefault(MODE, "0"));
        };
    }

    /// What we answer to formats that the other side offered: those of `codecs`, under its numbers, in its order except
    /// that those of `first` come first.
    static List<MediaFormat> answer(List<MediaFormat> offered, List<Codec> codecs, @Nullable Codec first) {
        List<MediaFormat> answered = new ArrayList<>();
        for (MediaFormat format : offered) {
            if (codecs.contains(format.codec()) || format.codec() == first) {
                answered.add(format.withParameters(answeredParameters(format)));
            }
        }
        answered.sort(Comparator.comparing(format -> format.codec() != first));
        return answered;
    }

    private static Map<String, String> answeredParameters(MediaFormat offered) {
        Map<String, String> theirs = offered.parameters();
        return switch (offered.codec()) {
            case VP8 -> Map.of();
            case VP9 -> Map.of("profile-id", "0");
            case AV1 -> Map.of("profile", "0", LEVEL, theirs.getOrDefault(LEVEL, AV1_LEVEL), "tier", "0");
            case OPUS -> Map.of("minptime", "10", "useinbandfec", "1");
            case H264 -> {
                boolean asymmetry =
                        theirs.getOrDefault(H264Profile.ASYMMETRY, "0").equals("1");
                H264Profile profile = H264Profile.of(theirs);
                Map<String, String> ours = new LinkedHashMap<>();
                ours.put(MODE, theirs.getOrDefault(MODE, "0"));
                if (asymmetry) {
                    ours.put(H264Profile.ASYMMETRY, "1");
                }
                if (profile != null) {
                    ours.put(H264Profile.PARAMETER, profile.answered(asymmetry));
                }
                yield ours;
            }
        };
    }

    /// The format that frames of a codec are sent in: the first one of the other side, H.264 rather in mode 1, which
    /// has no limit to the size of a NAL unit. Null when there is none.
    static @Nullable MediaFormat sendable(List<MediaFormat> theirs, @Nullable Codec codec) {
        MediaFormat found = null;
        for (MediaFormat format : theirs) {
            if (format.codec() == codec && (found == null || found.singleNalUnits() && !format.singleNalUnits())) {
                found = format;
            }
        }
        return found;
    }

    /// Parameters as one line, in an order that does not change.
    static String fmtp(Map<String, String> parameters) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(parameters).forEach((name, value) -> text.append(text.isEmpty() ? "" : ";")
                .append(name)
                .append('=')
                .append(value));
        return text.toString();
    }
}
