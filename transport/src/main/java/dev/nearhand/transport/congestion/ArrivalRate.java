package dev.nearhand.transport.congestion;

import java.util.ArrayDeque;
import java.util.Deque;

/// How fast packets arrive at the other side: samples over a window, weighed by how much they surprise.
final class ArrivalRate {
    private static final long FIRST_WINDOW_NANOS = 500_000_000;
    private static final long WINDOW_NANOS = 150_000_000;
    private static final double NANOS = 1e9;

    /// How fast the estimate is taken to wander, in (kbit/s)² a sample.
    private static final double WANDER = 5;

    /// How much a deviation of its own size makes a sample doubtful.
    private static final double DOUBT = 10;

    private static final long RECENT_NANOS = 200_000_000;
    private static final int RECENT_LIMIT = 4_096;

    private record Packet(long atNanos, int bytes) {}

    private final Deque<Packet> recent = new ArrayDeque<>();
    private long recentBytes;
    private double estimateKbps = -1;
    private double variance = 50;
    private long previousNanos = Long.MIN_VALUE;
    private long windowNanos;
    private double bytes;

    boolean isKnown() {
        return estimateKbps >= 0;
    }

    /// In bits per second.
    double bps() {
        return estimateKbps * 1_000;
    }

    /// What arrived lately, in bits per second, without any smoothing: it shows at once that a path has become slow.
    double recentBps() {
        return recent.size() < 2
                ? bps()
                : 8
                        * recentBytes
                        * NANOS
                        / Math.max(
                                RECENT_NANOS,
                                recent.getLast().atNanos() - recent.getFirst().atNanos());
    }

    /// Takes a packet that has arrived.
    ///
    /// @param limitedByApplication then a low sample says little
    void arrived(long atNanos, int packetBytes, boolean limitedByApplication) {
        long window = isKnown() ? WINDOW_NANOS : FIRST_WINDOW_NANOS;
        double sample = -1;
        if (previousNanos != Long.MIN_VALUE) {
            long since = Math.max(0, atNanos - previousNanos);
            windowNanos += since;
            if (since > window) {
                bytes = 0;
                windowNanos %= window;
            }
            if (windowNanos >= window) {
                sample = bytes * 8 / (window / NANOS) / 1_000;
                windowNanos -= window;
                bytes = 0;
            }
        }
        previousNanos = Math.max(previousNanos, atNanos);
        recent.addLast(new Packet(atNanos, packetBytes));
        recentBytes += packetBytes;
        while (recent.size() > RECENT_LIMIT || atNanos - recent.getFirst().atNanos() > RECENT_NANOS) {
            recentBytes -= recent.removeFirst().bytes();
        }
        bytes += packetBytes;
        if (sample >= 0) {
            take(sample, limitedByApplication);
        }
    }

    private void take(double sample, boolean limitedByApplication) {
        if (!isKnown()) {
            estimateKbps = sample;
            return;
        }
        double scale = limitedByApplication && sample < estimateKbps ? 2 * DOUBT : DOUBT;
        double doubt = scale * Math.abs(estimateKbps - sample) / (estimateKbps + Math.min(sample, 25));
        double sampleVariance = doubt * doubt;
        double predicted = variance + WANDER;
        estimateKbps = (sampleVariance * estimateKbps + predicted * sample) / (sampleVariance + predicted);
        variance = sampleVariance * predicted / (sampleVariance + predicted);
    }

    /// A probe has measured it.
    void set(double bps) {
        estimateKbps = bps / 1_000;
    }
}
