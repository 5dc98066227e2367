package dev.nearhand.transport.sctp;

import org.jspecify.annotations.Nullable;

/// Whether others keep the queue of a path full, and how much BBR then takes: at least what a flow of CUBIC would
/// ([RFC 9438](https://www.rfc-editor.org/rfc/rfc9438)).
///
/// BBR alone gets what its rate filter has seen last, so against flows that fill the queue it has far less or far more
/// than they have, as round trip and queue happen to be. It takes part in their way while the queue does not empty,
/// though BBR leaves it room to: seen by a loss after a second of long round trips, or by a look at the path's length
/// ([draft-ietf-ccwg-bbr-04 section
/// 5.3.4](https://datatracker.ietf.org/doc/html/draft-ietf-ccwg-bbr-04#section-5.3.4)) that finds it longer than it
/// was. It ends when such a look finds the path as short as it was ever: then the queue was its own.
final class BbrCompetition {
    /// What a queue of others is longer than.
    private static final long QUEUE_NANOS = 10_000_000L;

    private static final long LONG_NANOS = 1_000_000_000L;
    private static final int LONG_ROUNDS = 8;

    /// A path is as short as it was, but for the packet that is being sent, and a few of others.
    private static final long SAME_NANOS = 3_000_000L;

    private static final int SAME_DIVISOR = 32;

    /// The shortest round trip of the last 30 to 60 s is what the path is without a queue; the filter of the model is
    /// shorter, and takes the queue of others for the path.
    private static final long FLOOR_SPAN_NANOS = 30_000_000_000L;

    /// More than CUBIC's window in a round trip, so that it is the window that limits it.
    private static final double PACING_GAIN = 1.25;

    private final int packetBytes;
    private @Nullable CubicCongestion cubic;
    private long lastNanos;
    private long shortSinceNanos;
    private long floorNanos = Long.MAX_VALUE;
    private long previousFloorNanos = Long.MAX_VALUE;
    private long floorSinceNanos;
    private long lookNanos = Long.MAX_VALUE;

    BbrCompetition(int packetBytes) {
        this.packetBytes = packetBytes;
    }

    /// Whether others keep the queue full.
    boolean isOn() {
        return cubic != null;
    }

    /// CUBIC's window, or 0.
    int windowBytes() {
        return cubic == null ? 0 : cubic.windowBytes();
    }

    /// Bytes a second, or 0.
    double pacingRate(BbrPacing pacing) {
        return pacing.perRoundTrip(PACING_GAIN * windowBytes());
    }

    /// A round trip was measured, whatever it says of the rate.
    ///
    /// @param minRttNanos the model's
    /// @param looking whether BBR lets the queue run empty to see how long the path is
    void onSample(long nowNanos, long rttNanos, long minRttNanos, boolean looking) {
        if (nowNanos - floorSinceNanos > FLOOR_SPAN_NANOS) {
            floorSinceNanos = nowNanos;
            previousFloorNanos = floorNanos;
            floorNanos = Long.MAX_VALUE;
        }
        floorNanos = Math.min(floorNanos, rttNanos);
        lastNanos = rttNanos;
        if (rttNanos <= minRttNanos + QUEUE_NANOS) {
            shortSinceNanos = nowNanos;
        }
        if (looking) {
            lookNanos = Math.min(lookNanos, rttNanos);
        }
    }

    /// Something was lost, outside of Startup.
    ///
    /// @param windowBytes what CUBIC begins with
    void onChunkLost(long nowNanos, long minRttNanos, long smoothedNanos, long windowBytes) {
        boolean queued = lastNanos > minRttNanos + QUEUE_NANOS;
        if (queued && nowNanos - shortSinceNanos > Math.max(LONG_NANOS, LONG_ROUNDS * smoothedNanos)) {
            begin(windowBytes);
        }
    }

    /// BBR lets the queue run empty from now on.
    void beginLook() {
        lookNanos = Long.MAX_VALUE;
    }

    /// It has done so.
    void endLook(long windowBytes) {
        if (lookNanos == Long.MAX_VALUE) {
            return;
        }
        long floor = Math.min(floorNanos, previousFloorNanos);
        long limit = BbrQueueLimit.limitNanos(floor);
        if (lookNanos <= floor + SAME_NANOS + floor / SAME_DIVISOR) {
            cubic = null;
        } else if (lookNanos > floor + 2 * (limit - floor)) {
            begin(windowBytes);
        }
    }

    private void begin(long windowBytes) {
        if (cubic == null) {
            cubic = CubicCongestion.beside(packetBytes, windowBytes);
        }
    }

    void onMeasured(long rttNanos, long smoothedNanos) {
        if (cubic != null) {
            cubic.onMeasured(rttNanos, smoothedNanos);
        }
    }

    void onAcknowledged(
            long nowNanos, int ackedBytes, int flightBytes, boolean cumulativeAdvanced, boolean recovering) {
        if (cubic != null) {
            cubic.onAcknowledged(nowNanos, ackedBytes, flightBytes, cumulativeAdvanced, recovering);
        }
    }

    void onLoss(long nowNanos) {
        if (cubic != null) {
            cubic.onLoss(nowNanos);
        }
    }

    void onTimeout(long nowNanos) {
        if (cubic != null) {
            cubic.onTimeout(nowNanos);
        }
    }
}
