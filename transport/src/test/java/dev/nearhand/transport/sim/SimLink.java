package dev.nearhand.transport.sim;

import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;

/// One direction between two hosts: decides for each datagram whether and when it arrives, once or twice.
final class SimLink {
    private static final double HOLD_BACK_DELAYS = 4;

    private final RandomGenerator random;
    private LinkProfile profile;
    private boolean isDown;
    private boolean isBad;
    private long busyUntilNanos;
    private long latestArrivalNanos;
    private long lost;
    private long carried;

    SimLink(LinkProfile profile, RandomGenerator random) {
        this.profile = profile;
        this.random = random;
    }

    void setProfile(LinkProfile next) {
        profile = next;
    }

    void setDown(boolean down) {
        isDown = down;
    }

    long lost() {
        return lost;
    }

    long carried() {
        return carried;
    }

    /// How long a datagram sent now would wait for the line.
    long waitingNanos(long nowNanos) {
        return Math.max(0, busyUntilNanos - nowNanos);
    }

    /// Calls `arrival` with the time of each arrival of a datagram sent now.
    void carry(long nowNanos, int bytes, LongConsumer arrival) {
        if (isDown || bytes > profile.mtuBytes() || isLost() || !fitsQueue(nowNanos, bytes)) {
            lost++;
            return;
        }
        carried++;
        long sentNanos = transmissionEnd(nowNanos, bytes);
        arrival.accept(arrivalNanos(sentNanos));
        if (random.nextDouble() < profile.duplicate()) {
            arrival.accept(arrivalNanos(sentNanos));
        }
    }

    private boolean isLost() {
        isBad = isBad ? random.nextDouble() >= profile.badToGood() : random.nextDouble() < profile.goodToBad();
        return random.nextDouble() < (isBad ? profile.lossBad() : profile.lossGood());
    }

    private boolean fitsQueue(long nowNanos, int bytes) {
        if (profile.rateBitsPerSecond() == 0) {
            return true;
        }
        double waitingSeconds = Math.max(0, busyUntilNanos - nowNanos) / 1e9;
        return waitingSeconds * profile.rateBitsPerSecond() / 8 + bytes <= profile.queueLimitBytes();
    }

    private long transmissionEnd(long nowNanos, int bytes) {
        if (profile.rateBitsPerSecond() == 0) {
            return nowNanos;
        }
        long takes = (long) (bytes * 8e9 / profile.rateBitsPerSecond());
        busyUntilNanos = Math.max(busyUntilNanos, nowNanos) + takes;
        return busyUntilNanos;
    }

    private long arrivalNanos(long sentNanos) {
        long flight = profile.delayNanos() + (long) (random.nextDouble() * profile.jitterNanos());
        if (random.nextDouble() < profile.reorder()) {
            return sentNanos + flight + (long) (random.nextDouble() * HOLD_BACK_DELAYS * profile.delayNanos());
        }
        latestArrivalNanos = Math.max(latestArrivalNanos, sentNanos + flight);
        return latestArrivalNanos;
    }
}
