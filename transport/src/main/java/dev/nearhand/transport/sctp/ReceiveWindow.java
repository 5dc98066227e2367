package dev.nearhand.transport.sctp;

/// How much the peer may send before its data is taken: follows the path, so that a long fast one is not held up by it,
/// and a slow reader holds up the peer early (`a_rwnd`,
/// [RFC 9260 section 6.2.1](https://www.rfc-editor.org/rfc/rfc9260#section-6.2.1)).
///
/// Begins with what the configuration says. When the owner takes in one round trip more than a quarter of the window,
/// the window doubles, up to [#MAX_GROWTH] times what it began with. Never shrinks: what was promised is kept.
final class ReceiveWindow {
    /// So many times the configured window at most: 16 MiB unless told otherwise.
    static final int MAX_GROWTH = 4;

    /// A round trip before one was measured.
    private static final long UNKNOWN_RTT_NANOS = 100_000_000L;

    private static final long MIN_ROUND_NANOS = 5_000_000L;

    private final RetransmissionTimeout timeout;
    private final long maxBytes;
    private long bytes;
    private long roundSinceNanos;
    private long consumedBytes;

    /// @param timeout measures the path to the peer
    ReceiveWindow(int initialBytes, RetransmissionTimeout timeout) {
        this.timeout = timeout;
        this.bytes = initialBytes;
        this.maxBytes = (long) MAX_GROWTH * initialBytes;
    }

    long bytes() {
        return bytes;
    }

    /// The owner has taken a message.
    void onConsumed(int messageBytes) {
        consumedBytes += messageBytes;
    }

    /// Data has come.
    void onData(long nowNanos) {
        long rtt = timeout.smoothedNanos() == 0 ? UNKNOWN_RTT_NANOS : timeout.smoothedNanos();
        if (nowNanos - roundSinceNanos < Math.max(rtt, MIN_ROUND_NANOS)) {
            return;
        }
        // a round that took far longer than one tells of a rate that is as much lower
        boolean full = consumedBytes > bytes / 4 && nowNanos - roundSinceNanos < 2 * Math.max(rtt, MIN_ROUND_NANOS);
        if (full) {
            bytes = Math.min(2 * bytes, maxBytes);
        }
        roundSinceNanos = nowNanos;
        consumedBytes = 0;
    }
}
