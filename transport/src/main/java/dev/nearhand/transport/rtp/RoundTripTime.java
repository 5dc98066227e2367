package dev.nearhand.transport.rtp;

/// How long a packet and its answer take, smoothed. Samples come from sender reports or from the path itself; until
/// there are any, those of NACKs and their retransmissions serve.
final class RoundTripTime {
    /// What is assumed until something is known.
    static final long ASSUMED_NANOS = 100_000_000;

    private static final long MAX_NANOS = 10_000_000_000L;

    private long smoothedNanos;
    private boolean known;
    private boolean exact;

    /// A measurement of the path.
    void sample(long nanos) {
        if (nanos < 0 || nanos > MAX_NANOS) {
            return;
        }
        if (!exact) {
            known = false; // what was guessed so far is worth nothing beside it
            exact = true;
        }
        smooth(nanos);
    }

    /// The time from a NACK to what it asked for, in which the sender's own delay is contained.
    void sampleOfRepair(long nanos) {
        if (!exact && nanos >= 0 && nanos <= MAX_NANOS) {
            smooth(nanos);
        }
    }

    private void smooth(long nanos) {
        smoothedNanos = known ? smoothedNanos + (nanos - smoothedNanos) / 8 : nanos;
        known = true;
    }

    boolean isKnown() {
        return known;
    }

    /// The smoothed time, or [#ASSUMED_NANOS].
    long nanos() {
        return known ? smoothedNanos : ASSUMED_NANOS;
    }
}
