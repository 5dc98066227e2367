package dev.nearhand.transport.sctp;

/// Spreads packets over time, in small bursts: so much leaves at once as the rate allows for about a millisecond, then
/// nothing until that time is over ([draft-ietf-ccwg-bbr-04 sections 5.6.2 and
/// 5.6.3](https://datatracker.ietf.org/doc/html/draft-ietf-ccwg-bbr-04#section-5.6.2)). So a fast flow costs a timer a
/// millisecond, not one a packet.
final class Pacer {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double QUANTUM_SECONDS = 0.001;
    private static final int MAX_QUANTUM_BYTES = 64 * 1024;
    private static final int MIN_QUANTUM_PACKETS = 2;

    private final CongestionControl congestion;
    private final int packetBytes;
    private long nextSendNanos = Long.MIN_VALUE / 2;
    private boolean held;

    Pacer(CongestionControl congestion, int packetBytes) {
        this.congestion = congestion;
        this.packetBytes = packetBytes;
    }

    /// Whether nothing may leave before [#releaseNanos].
    boolean isHeld(long nowNanos) {
        double rate = congestion.pacingBytesPerSecond();
        if (rate <= 0) {
            return false;
        }
        if (held) {
            held = nowNanos < nextSendNanos;
        } else {
            held = nextSendNanos - nowNanos >= quantumNanos(rate);
        }
        return held;
    }

    /// "C.next_send_time"
    long releaseNanos() {
        return nextSendNanos;
    }

    void onSent(long nowNanos, int bytes) {
        double rate = congestion.pacingBytesPerSecond();
        if (rate > 0) {
            // a timer that fired late may catch up with one burst, but not with more
            long from = Math.max(nextSendNanos, nowNanos - quantumNanos(rate));
            nextSendNanos = from + (long) (bytes / rate * NANOS_PER_SECOND);
        }
    }

    private long quantumNanos(double rate) {
        return (long) (quantumBytes(rate, packetBytes) / rate * NANOS_PER_SECOND);
    }

    /// "BBRSetSendQuantum"
    static double quantumBytes(double rate, int packetBytes) {
        return Math.max(Math.min(rate * QUANTUM_SECONDS, MAX_QUANTUM_BYTES), MIN_QUANTUM_PACKETS * packetBytes);
    }
}
