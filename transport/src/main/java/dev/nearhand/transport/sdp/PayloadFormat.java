package dev.nearhand.transport.sdp;

import java.util.List;
import java.util.Map;

/// All that a section says about one payload type: its `rtpmap`, `fmtp` and `rtcp-fb` lines together.
///
/// @param payloadType 0–127
/// @param encoding the codec's name as written; compare without case
/// @param parameters those of `fmtp`, by name in lower case
/// @param feedback `nack`, `nack pli`, … those for all types included
public record PayloadFormat(
        int payloadType,
        String encoding,
        int clockRate,
        int channels,
        Map<String, String> parameters,
        List<String> feedback) {
    /// The RTP header has seven bits for it (RFC 3550 section 5.1).
    static final int LARGEST_TYPE = 127;

    public PayloadFormat {
        parameters = Map.copyOf(parameters);
        feedback = List.copyOf(feedback);
    }

    public boolean is(String name, int clock) {
        return encoding.equalsIgnoreCase(name) && clockRate == clock;
    }
}
