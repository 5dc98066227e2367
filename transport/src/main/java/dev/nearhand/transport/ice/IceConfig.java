package dev.nearhand.transport.ice;

/// The times of an agent, in nanoseconds.
///
/// @param paceNanos Ta: the least time between two new checks (RFC 8445 section 14.2: never under 5 ms)
/// @param rtoNanos how long the first transmission of a check waits for an answer; doubles with each
/// @param maxRtoNanos where the doubling ends
/// @param checkTimeoutNanos when a check without an answer fails its pair
/// @param patienceNanos how long to look for a first path, prflx candidates that may still come included (RFC 8863)
/// @param relayPatienceNanos how long the nomination of a pair that is relayed or a TCP connection waits for a direct
///   one over UDP, which costs nobody's server and holds nothing up
/// @param consentIntervalNanos how often a working path is asked for consent, on average (RFC 7675: 5 s)
/// @param consentRetryNanos how soon to ask again when an answer is missing
/// @param disconnectNanos how long a question for consent stays unanswered until the agent calls itself disconnected
/// @param consentTimeoutNanos when consent expires without an answer (RFC 7675: 30 s)
/// @param graceNanos how long after that a path is still looked for, until the agent gives up
public record IceConfig(
        long paceNanos,
        long rtoNanos,
        long maxRtoNanos,
        long checkTimeoutNanos,
        long patienceNanos,
        long relayPatienceNanos,
        long consentIntervalNanos,
        long consentRetryNanos,
        long disconnectNanos,
        long consentTimeoutNanos,
        long graceNanos) {
    private static final long MILLIS = 1_000_000;
    private static final long MIN_PACE_NANOS = 5 * MILLIS;

    public IceConfig {
        if (paceNanos < MIN_PACE_NANOS) {
            throw new IllegalArgumentException("Ta is at least 5 ms, not " + paceNanos + " ns");
        }
        if (rtoNanos <= 0 || maxRtoNanos < rtoNanos || consentIntervalNanos <= 0 || consentRetryNanos <= 0) {
            throw new IllegalArgumentException("intervals are positive, and the longest RTO not under the first");
        }
    }

    public static IceConfig defaults() {
        return new IceConfig(
                20 * MILLIS,
                100 * MILLIS,
                1_600 * MILLIS,
                12_000 * MILLIS,
                20_000 * MILLIS,
                2_000 * MILLIS,
                5_000 * MILLIS,
                1_000 * MILLIS,
                5_000 * MILLIS,
                30_000 * MILLIS,
                300_000 * MILLIS);
    }

    /// The same with another grace.
    public IceConfig withGraceNanos(long nanos) {
        return new IceConfig(
                paceNanos,
                rtoNanos,
                maxRtoNanos,
                checkTimeoutNanos,
                patienceNanos,
                relayPatienceNanos,
                consentIntervalNanos,
                consentRetryNanos,
                disconnectNanos,
                consentTimeoutNanos,
                nanos);
    }
}
