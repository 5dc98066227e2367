package dev.nearhand.transport.sdp;

import org.jspecify.annotations.Nullable;

/// `a=rtcp-fb`: a feedback message that may be sent (RFC 4585 section 4.2).
///
/// @param payloadType 0–127, or [#ALL_TYPES] for `*`
/// @param feedback what stands after it: `nack`, `nack pli`, `ccm fir`, `transport-cc`, `goog-remb` …
public record RtcpFeedback(int payloadType, String feedback) {
    public static final int ALL_TYPES = -1;

    static @Nullable RtcpFeedback parse(String value) {
        var words = SdpText.words(value);
        if (words.size() < 2) {
            return null;
        }
        boolean all = words.getFirst().equals("*");
        int payloadType = all ? ALL_TYPES : (int) SdpText.number(words.getFirst(), PayloadFormat.LARGEST_TYPE);
        return payloadType < 0 && !all
                ? null
                : new RtcpFeedback(payloadType, String.join(" ", words.subList(1, words.size())));
    }

    public boolean appliesTo(int type) {
        return payloadType == ALL_TYPES || payloadType == type;
    }

    public Attribute toAttribute() {
        return new Attribute("rtcp-fb", (payloadType == ALL_TYPES ? "*" : payloadType) + " " + feedback);
    }
}
