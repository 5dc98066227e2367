package dev.nearhand.transport.sdp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `a=rtpmap`: which codec a payload type stands for (RFC 8866 section 6.6).
///
/// @param payloadType 0–127
/// @param encoding the codec's name as written; compare without case
/// @param channels 1 when the line does not say
public record RtpMap(int payloadType, String encoding, int clockRate, int channels) {
    private static final int LARGEST_CHANNELS = 255;

    static @Nullable RtpMap parse(String value) {
        List<String> words = SdpText.words(value);
        if (words.size() < 2) {
            return null;
        }
        int payloadType = (int) SdpText.number(words.getFirst(), PayloadFormat.LARGEST_TYPE);
        String[] parts = words.get(1).split("/", 3);
        if (payloadType < 0 || parts.length < 2 || parts[0].isEmpty()) {
            return null;
        }
        long clockRate = SdpText.number(parts[1], Integer.MAX_VALUE);
        long channels = parts.length < 3 ? 1 : SdpText.number(parts[2], LARGEST_CHANNELS);
        return clockRate < 1 || channels < 1
                ? null
                : new RtpMap(payloadType, parts[0], (int) clockRate, (int) channels);
    }

    public Attribute toAttribute() {
        String suffix = channels == 1 ? "" : "/" + channels;
        return new Attribute("rtpmap", payloadType + " " + encoding + "/" + clockRate + suffix);
    }
}
