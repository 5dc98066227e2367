package dev.nearhand.transport.sctp;

/// How long to wait for an answer
/// ([RFC 9260 section 6.3.1](https://www.rfc-editor.org/rfc/rfc9260#section-6.3.1)).
///
/// The bounds differ from the RFC's defaults of 1, 1 and 60 s, as WebRTC stacks commonly do: its peers delay a SACK by
/// up to 200 ms, so 220 ms is as low as a timeout may safely go; the tail of a flight is probed before
/// ([TailProbe]), and the last chunk of a small one asks for a SACK at once (RFC 7053).
final class RetransmissionTimeout {
    static final long INITIAL_NANOS = 500_000_000L;
    static final long MIN_NANOS = 220_000_000L;
    static final long MAX_NANOS = 10_000_000_000L;

    /// G, the granularity of the clock: a driver's timer is not more exact.
    private static final long GRANULARITY_NANOS = 1_000_000L;

    private long smoothedNanos;
    private long varianceNanos;
    private long timeoutNanos = INITIAL_NANOS;

    /// Takes a measurement, never of something that was sent twice (Karn's algorithm, rule C5).
    void onMeasured(long rttNanos) {
        long rtt = Math.clamp(rttNanos, 0, MAX_NANOS);
        if (smoothedNanos == 0) {
            smoothedNanos = Math.max(1, rtt);
            varianceNanos = rtt / 2;
        } else {
            varianceNanos = (3 * varianceNanos + Math.abs(smoothedNanos - rtt)) / 4;
            smoothedNanos = Math.max(1, (7 * smoothedNanos + rtt) / 8);
        }
        forgetBackOff();
    }

    /// Doubles after a timeout (rule E2).
    void backOff() {
        timeoutNanos = bounded(timeoutNanos * 2);
    }

    /// As before the timeouts since the last measurement.
    void forgetBackOff() {
        timeoutNanos = smoothedNanos == 0
                ? INITIAL_NANOS
                : bounded(smoothedNanos + Math.max(GRANULARITY_NANOS, 4 * varianceNanos));
    }

    long nanos() {
        return timeoutNanos;
    }

    /// The smoothed round-trip time, or 0 before the first measurement.
    long smoothedNanos() {
        return smoothedNanos;
    }

    private static long bounded(long nanos) {
        return Math.clamp(nanos, MIN_NANOS, MAX_NANOS);
    }
}
