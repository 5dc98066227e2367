package dev.nearhand.transport.sim;

import java.util.random.RandomGenerator;

/// How one direction of a link treats datagrams.
///
/// Loss is a Gilbert-Elliott chain: it moves between a good and a bad state before each datagram.
///
/// @param delayNanos the least time of flight
/// @param jitterNanos added to it, uniformly; datagrams keep their order
/// @param lossGood probability of loss in the good state
/// @param lossBad probability of loss in the bad state
/// @param goodToBad probability of going bad, per datagram
/// @param badToGood probability of recovering, per datagram
/// @param duplicate probability that a datagram arrives twice
/// @param reorder probability that a datagram is held back by up to four times the delay and overtaken
/// @param rateBitsPerSecond 0 = unlimited
/// @param queueLimitBytes what waits for a limited rate; more is dropped
/// @param mtuBytes larger datagrams vanish without a word
public record LinkProfile(
        long delayNanos,
        long jitterNanos,
        double lossGood,
        double lossBad,
        double goodToBad,
        double badToGood,
        double duplicate,
        double reorder,
        long rateBitsPerSecond,
        int queueLimitBytes,
        int mtuBytes) {
    private static final long MILLIS = 1_000_000;
    private static final int NO_MTU = 65_535;
    private static final int QUEUE_BYTES = 128 * 1024;

    /// One millisecond, and nothing ever goes wrong.
    public static LinkProfile perfect() {
        return new LinkProfile(MILLIS, 0, 0, 0, 0, 1, 0, 0, 0, QUEUE_BYTES, NO_MTU);
    }

    /// A wired local network.
    public static LinkProfile lan() {
        return perfect().withDelayMillis(0.2).withJitterMillis(0.1);
    }

    /// A bad hour, different for each draw: up to 20 % of loss in bursts, 1–150 ms, duplicates, reordering.
    public static LinkProfile rough(RandomGenerator random) {
        return perfect()
                .withDelayMillis(1 + random.nextDouble() * 149)
                .withJitterMillis(random.nextDouble() * 30)
                .withBursts(random.nextDouble() * 0.05, random.nextDouble() * 0.5, random.nextDouble() * 0.1, 0.3)
                .withDuplicate(random.nextDouble() * 0.1)
                .withReorder(random.nextDouble() * 0.1);
    }

    public LinkProfile withDelayMillis(double millis) {
        return new LinkProfile(
                (long) (millis * MILLIS),
                jitterNanos,
                lossGood,
                lossBad,
                goodToBad,
                badToGood,
                duplicate,
                reorder,
                rateBitsPerSecond,
                queueLimitBytes,
                mtuBytes);
    }

    public LinkProfile withJitterMillis(double millis) {
        return new LinkProfile(
                delayNanos,
                (long) (millis * MILLIS),
                lossGood,
                lossBad,
                goodToBad,
                badToGood,
                duplicate,
                reorder,
                rateBitsPerSecond,
                queueLimitBytes,
                mtuBytes);
    }

    /// Independent loss.
    public LinkProfile withLoss(double probability) {
        return withBursts(probability, 0, 0, 1);
    }

    public LinkProfile withBursts(double good, double bad, double toBad, double toGood) {
        return new LinkProfile(
                delayNanos,
                jitterNanos,
                good,
                bad,
                toBad,
                toGood,
                duplicate,
                reorder,
                rateBitsPerSecond,
                queueLimitBytes,
                mtuBytes);
    }

    public LinkProfile withDuplicate(double probability) {
        return new LinkProfile(
                delayNanos,
                jitterNanos,
                lossGood,
                lossBad,
                goodToBad,
                badToGood,
                probability,
                reorder,
                rateBitsPerSecond,
                queueLimitBytes,
                mtuBytes);
    }

    public LinkProfile withReorder(double probability) {
        return new LinkProfile(
                delayNanos,
                jitterNanos,
                lossGood,
                lossBad,
                goodToBad,
                badToGood,
                duplicate,
                probability,
                rateBitsPerSecond,
                queueLimitBytes,
                mtuBytes);
    }

    public LinkProfile withRate(long bitsPerSecond, int queueBytes) {
        return new LinkProfile(
                delayNanos,
                jitterNanos,
                lossGood,
                lossBad,
                goodToBad,
                badToGood,
                duplicate,
                reorder,
                bitsPerSecond,
                queueBytes,
                mtuBytes);
    }

    public LinkProfile withMtu(int bytes) {
        return new LinkProfile(
                delayNanos,
                jitterNanos,
                lossGood,
                lossBad,
                goodToBad,
                badToGood,
                duplicate,
                reorder,
                rateBitsPerSecond,
                queueLimitBytes,
                bytes);
    }
}
