package dev.nearhand.app.session;

/// How old input is when it arrives at the host: what was typed into a picture that stood still is not done minutes
/// later, when the connection is back and delivers it.
///
/// The viewer says the time on its own clock before input that follows a pause ([#STAMP_EVERY_MILLIS]). The quickest
/// delivery so far tells how the clocks lie to each other; it is trusted a little less as time passes, because clocks
/// drift. A viewer that says no time is never late. One thread at a time.
final class InputAge {
    /// Input later than this is not done.
    static final long LIMIT_MILLIS = 1_500;

    /// The viewer says the time when it has not for so long.
    static final long STAMP_EVERY_MILLIS = 500;

    /// More than any quartz is off: 500 in a million.
    private static final double DRIFT = 0.0005;

    private boolean stamped;
    private long stampMillis;
    private double leastOffset;
    private long offsetMillis;

    /// The viewer's clock said `viewerMillis` when what follows was done.
    void stamp(long viewerMillis, long nowMillis) {
        double offset = (double) nowMillis - viewerMillis;
        leastOffset = stamped ? Math.min(offset, expectedOffset(nowMillis)) : offset;
        offsetMillis = nowMillis;
        stampMillis = viewerMillis;
        stamped = true;
    }

    /// Whether what arrives now was done too long ago.
    boolean isLate(long nowMillis) {
        return stamped && nowMillis - expectedOffset(nowMillis) - stampMillis > LIMIT_MILLIS + STAMP_EVERY_MILLIS;
    }

    private double expectedOffset(long nowMillis) {
        return leastOffset + (nowMillis - offsetMillis) * DRIFT;
    }
}
