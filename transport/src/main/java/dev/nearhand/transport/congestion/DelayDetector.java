package dev.nearhand.transport.congestion;

import java.util.ArrayDeque;
import java.util.Deque;

/// Whether a queue grows on the path, by how much later each burst of packets arrives than the one before, compared
/// with how they were sent (draft-ietf-rmcat-gcc-02 section 5, with a line through the last delays in place of its
/// Kalman filter).
final class DelayDetector {
    /// What the delay says about the path.
    enum Usage {
        NORMAL,
        /// A queue grows.
        OVERUSE,
        /// A queue empties.
        UNDERUSE
    }

    private static final double MILLI = 1e6;

    /// What is sent within this time is one burst.
    private static final long BURST_NANOS = 5_000_000;

    /// What a path held back and then let through at once is one burst, up to this length.
    private static final long BURST_LIMIT_NANOS = 100_000_000;

    /// The clock of the other side has jumped, or media has paused: nothing before counts.
    private static final long JUMP_NANOS = 3_000_000_000L;

    private static final int WINDOW = 20;
    private static final double SMOOTHING = 0.9;
    private static final double GAIN = 4;
    private static final int DELTAS_LIMIT = 60;

    private static final double THRESHOLD_START_MILLIS = 12.5;
    private static final double THRESHOLD_LEAST_MILLIS = 6;
    private static final double THRESHOLD_MOST_MILLIS = 600;
    private static final double THRESHOLD_UP = 0.0087;
    private static final double THRESHOLD_DOWN = 0.039;

    /// Outliers beyond the threshold do not move it.
    private static final double THRESHOLD_REACH_MILLIS = 15;

    private static final double THRESHOLD_STEP_LIMIT_MILLIS = 100;
    private static final double OVERUSE_TIME_MILLIS = 10;

    private record Point(double atMillis, double delayMillis) {}

    private boolean hasGroup;
    private long groupFirstSent;
    private long groupLastSent;
    private long groupFirstArrived;
    private long groupLastArrived;
    private boolean hasPrevious;
    private long previousSent;
    private long previousArrived;

    private final Deque<Point> window = new ArrayDeque<>(WINDOW);
    private int deltas;
    private double accumulatedMillis;
    private double smoothedMillis;
    private double originMillis;
    private double previousTrend;

    private double thresholdMillis = THRESHOLD_START_MILLIS;
    private double thresholdAtMillis = Double.NaN;
    private double overusingMillis = -1;
    private int overuses;
    private Usage usage = Usage.NORMAL;

    Usage usage() {
        return usage;
    }

    /// Takes a packet that has arrived; in the order of arrival.
    void arrived(PacketResult packet) {
        if (!hasGroup) {
            begin(packet);
            return;
        }
        if (packet.sentNanos() < groupFirstSent) {
            return; // overtaken by a whole burst
        }
        if (belongs(packet)) {
            groupLastSent = Math.max(groupLastSent, packet.sentNanos());
            groupLastArrived = Math.max(groupLastArrived, packet.arrivedNanos());
            return;
        }
        if (hasPrevious) {
            long sent = groupLastSent - previousSent;
            long arrived = groupLastArrived - previousArrived;
            if (arrived < 0 || Math.abs(arrived - sent) > JUMP_NANOS) {
                restart();
                begin(packet);
                return;
            }
            add(sent / MILLI, arrived / MILLI, groupLastArrived / MILLI);
        }
        hasPrevious = true;
        previousSent = groupLastSent;
        previousArrived = groupLastArrived;
        begin(packet);
    }

    private void begin(PacketResult packet) {
        hasGroup = true;
        groupFirstSent = packet.sentNanos();
        groupLastSent = packet.sentNanos();
        groupFirstArrived = packet.arrivedNanos();
        groupLastArrived = packet.arrivedNanos();
    }

    private boolean belongs(PacketResult packet) {
        if (packet.sentNanos() - groupFirstSent <= BURST_NANOS) {
            return true;
        }
        long arrival = packet.arrivedNanos() - groupLastArrived;
        long propagation = arrival - (packet.sentNanos() - groupLastSent);
        return propagation < 0
                && arrival <= BURST_NANOS
                && packet.arrivedNanos() - groupFirstArrived < BURST_LIMIT_NANOS;
    }

    private void restart() {
        hasGroup = false;
        hasPrevious = false;
        window.clear();
        deltas = 0;
        accumulatedMillis = 0;
        smoothedMillis = 0;
        previousTrend = 0;
        overusingMillis = -1;
        overuses = 0;
        usage = Usage.NORMAL;
    }

    private void add(double sentMillis, double arrivedMillis, double atMillis) {
        if (deltas == 0) {
            originMillis = atMillis;
        }
        deltas = Math.min(deltas + 1, 1_000);
        accumulatedMillis += arrivedMillis - sentMillis;
        smoothedMillis = SMOOTHING * smoothedMillis + (1 - SMOOTHING) * accumulatedMillis;
        if (window.size() == WINDOW) {
            window.removeFirst();
        }
        window.addLast(new Point(atMillis - originMillis, smoothedMillis));
        detect(window.size() == WINDOW ? slope() : previousTrend, sentMillis, atMillis);
    }

    /// Of the line through the window by least squares.
    private double slope() {
        double meanAt = window.stream().mapToDouble(Point::atMillis).average().orElse(0);
        double meanDelay =
                window.stream().mapToDouble(Point::delayMillis).average().orElse(0);
        double above = 0;
        double below = 0;
        for (Point point : window) {
            above += (point.atMillis - meanAt) * (point.delayMillis - meanDelay);
            below += (point.atMillis - meanAt) * (point.atMillis - meanAt);
        }
        return below == 0 ? 0 : above / below;
    }

    private void detect(double trend, double sentMillis, double atMillis) {
        if (deltas < 2) {
            return;
        }
        double modified = Math.min(deltas, DELTAS_LIMIT) * trend * GAIN;
        if (modified > thresholdMillis) {
            overusingMillis = overusingMillis < 0 ? sentMillis / 2 : overusingMillis + sentMillis;
            overuses++;
            if (overusingMillis > OVERUSE_TIME_MILLIS && overuses > 1 && trend >= previousTrend) {
                overusingMillis = 0;
                overuses = 0;
                usage = Usage.OVERUSE;
            }
        } else {
            overusingMillis = -1;
            overuses = 0;
            usage = modified < -thresholdMillis ? Usage.UNDERUSE : Usage.NORMAL;
        }
        previousTrend = trend;
        adapt(modified, atMillis);
    }

    /// The threshold follows what is usual on the path, so that flows beside this one do not starve it (section 5.4).
    private void adapt(double modified, double atMillis) {
        double before = Double.isNaN(thresholdAtMillis) ? atMillis : thresholdAtMillis;
        thresholdAtMillis = atMillis;
        double size = Math.abs(modified);
        if (size > thresholdMillis + THRESHOLD_REACH_MILLIS) {
            return;
        }
        double k = size < thresholdMillis ? THRESHOLD_DOWN : THRESHOLD_UP;
        double step = Math.clamp(atMillis - before, 0, THRESHOLD_STEP_LIMIT_MILLIS);
        thresholdMillis = Math.clamp(
                thresholdMillis + k * (size - thresholdMillis) * step, THRESHOLD_LEAST_MILLIS, THRESHOLD_MOST_MILLIS);
    }
}
