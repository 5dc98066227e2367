package dev.nearhand.transport.datachannel;

import dev.nearhand.transport.sctp.Reliability;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/// What a data channel is agreed to be (RFC 8832 section 5.1).
///
/// @param label any text, up to 65,535 bytes of UTF-8; need not be unique
/// @param protocol name of the protocol spoken inside, may be empty
/// @param ordered whether messages arrive in the order they were sent
/// @param reliability how long a message is kept trying
/// @param priority 128 below normal, 256 normal, 512 high, 1024 extra high (RFC 8831 section 6.4)
/// @param negotiatedId the stream both sides agreed on elsewhere; empty when the channel announces itself
public record DataChannelConfig(
        String label,
        String protocol,
        boolean ordered,
        Reliability reliability,
        int priority,
        OptionalInt negotiatedId) {
    public static final int PRIORITY_NORMAL = 256;

    public DataChannelConfig {
        if (!fits(label) || !fits(protocol)) {
            throw new IllegalArgumentException("label and protocol have at most 65,535 bytes each");
        }
        if (priority < 0 || priority > 0xFFFF) {
            throw new IllegalArgumentException("not a priority: " + priority);
        }
        if (negotiatedId.isPresent() && (negotiatedId.getAsInt() < 0 || negotiatedId.getAsInt() > 65_534)) {
            throw new IllegalArgumentException("a stream id is in 0..65534: " + negotiatedId.getAsInt());
        }
    }

    /// An ordered, reliable channel.
    public static DataChannelConfig reliable(String label) {
        return new DataChannelConfig(label, "", true, Reliability.RELIABLE, PRIORITY_NORMAL, OptionalInt.empty());
    }

    /// An unordered channel that never retransmits, for what is stale when it is late.
    public static DataChannelConfig lossy(String label) {
        return new DataChannelConfig(
                label, "", false, new Reliability.MaxRetransmits(0), PRIORITY_NORMAL, OptionalInt.empty());
    }

    static boolean fits(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length <= 0xFFFF;
    }
}
