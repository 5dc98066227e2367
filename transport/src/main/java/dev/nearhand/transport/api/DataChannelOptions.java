package dev.nearhand.transport.api;

import java.time.Duration;

/// How a data channel delivers (RFC 8831 section 6.1): by default everything, in order.
///
/// @param maxRetransmits a lost message is sent again at most so often, or [#UNLIMITED]
/// @param maxLifetimeMillis a message older than this is given up, or [#UNLIMITED]; not together with `maxRetransmits`
/// @param protocol a name that both programs know, or empty
/// @param negotiatedId the stream that both sides agreed on by themselves (0–65534), or [#AUTOMATIC]
/// @param priority its share of the line while several channels have something to send, 1 to 65535: a channel of 512
///     sends twice what one of 256 does. RFC 8831 names [#PRIORITY_BELOW_NORMAL], [#PRIORITY_NORMAL],
///     [#PRIORITY_HIGH] and [#PRIORITY_EXTRA_HIGH]. The other side is told, and may send by it too
/// @param redundant what is sent here in messages of at most 512 bytes is sent again, up to three times, before it is
///     known to be lost: beside what leaves anyway, or 5, 15 and 35 ms later, until it is acknowledged. For events that
///     must not be late, like a person's input. It costs up to four times their bytes, needs nothing of the other side,
///     and holds for this direction only: [DataChannel#redundant] turns it on for the other
public record DataChannelOptions(
        boolean ordered,
        int maxRetransmits,
        int maxLifetimeMillis,
        String protocol,
        int negotiatedId,
        int priority,
        boolean redundant) {
    public static final int UNLIMITED = -1;
    public static final int AUTOMATIC = -1;

    public static final int PRIORITY_BELOW_NORMAL = 128;
    public static final int PRIORITY_NORMAL = 256;
    public static final int PRIORITY_HIGH = 512;
    public static final int PRIORITY_EXTRA_HIGH = 1024;

    public DataChannelOptions {
        if (maxRetransmits < UNLIMITED || maxLifetimeMillis < UNLIMITED) {
            throw new IllegalArgumentException("a limit is UNLIMITED or not negative");
        }
        if (maxRetransmits != UNLIMITED && maxLifetimeMillis != UNLIMITED) {
            throw new IllegalArgumentException("a channel is limited by retransmissions or by lifetime, not by both");
        }
        if (negotiatedId < AUTOMATIC || negotiatedId > 65_534) {
            throw new IllegalArgumentException("a stream id is 0 to 65534, not " + negotiatedId);
        }
        if (priority < 1 || priority > 0xFFFF) {
            throw new IllegalArgumentException("a priority is 1 to 65535, not " + priority);
        }
    }

    /// Everything arrives, in order.
    public static DataChannelOptions reliable() {
        return new DataChannelOptions(true, UNLIMITED, UNLIMITED, "", AUTOMATIC, PRIORITY_NORMAL, false);
    }

    /// Each message is sent once, and delivered as it comes.
    public static DataChannelOptions unreliable() {
        return reliable().withOrdered(false).withMaxRetransmits(0);
    }

    public DataChannelOptions withOrdered(boolean value) {
        return new DataChannelOptions(
                value, maxRetransmits, maxLifetimeMillis, protocol, negotiatedId, priority, redundant);
    }

    public DataChannelOptions withMaxRetransmits(int value) {
        return new DataChannelOptions(ordered, value, maxLifetimeMillis, protocol, negotiatedId, priority, redundant);
    }

    public DataChannelOptions withMaxLifetime(Duration value) {
        return new DataChannelOptions(
                ordered,
                maxRetransmits,
                Math.toIntExact(value.toMillis()),
                protocol,
                negotiatedId,
                priority,
                redundant);
    }

    public DataChannelOptions withProtocol(String value) {
        return new DataChannelOptions(
                ordered, maxRetransmits, maxLifetimeMillis, value, negotiatedId, priority, redundant);
    }

    public DataChannelOptions withNegotiatedId(int value) {
        return new DataChannelOptions(ordered, maxRetransmits, maxLifetimeMillis, protocol, value, priority, redundant);
    }

    public DataChannelOptions withPriority(int value) {
        return new DataChannelOptions(
                ordered, maxRetransmits, maxLifetimeMillis, protocol, negotiatedId, value, redundant);
    }

    public DataChannelOptions withRedundant(boolean value) {
        return new DataChannelOptions(
                ordered, maxRetransmits, maxLifetimeMillis, protocol, negotiatedId, priority, value);
    }
}
