package dev.nearhand.app.session;

/// How much of something there was in the last second. Any thread.
final class RateMeter {
    private static final int SLOTS = 10;
    private static final long SLOT_NANOS = 100_000_000L;

    private final long[] amounts = new long[SLOTS];
    private long newestSlot = Long.MIN_VALUE / 2;

    synchronized void add(long nowNanos, long amount) {
        advance(nowNanos);
        amounts[(int) Math.floorMod(newestSlot, (long) SLOTS)] += amount;
    }

    /// The sum of the last second.
    synchronized long perSecond(long nowNanos) {
        advance(nowNanos);
        long sum = 0;
        for (long amount : amounts) {
            sum += amount;
        }
        return sum;
    }

    private void advance(long nowNanos) {
        long slot = Math.floorDiv(nowNanos, SLOT_NANOS);
        if (slot <= newestSlot) {
            return;
        }
        long gone = Math.min(slot - newestSlot, SLOTS);
        for (long i = 0; i < gone; i++) {
            amounts[(int) Math.floorMod(slot - i, (long) SLOTS)] = 0;
        }
        newestSlot = slot;
    }
}
