package dev.nearhand.transport.congestion;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;

/// What the path did to a flow, second by second.
final class FlowMeter {
    /// A second of one flow.
    ///
    /// @param targetBps what the encoder was told at its end
    /// @param arrivedBps of whole datagrams
    /// @param queueP95Millis how long packets waited for the lines
    record Second(long targetBps, long arrivedBps, double queueP95Millis, int lost) {}

    final List<Second> seconds = new ArrayList<>();
    private final LongSupplier target;
    private final List<Double> waits = new ArrayList<>();
    private final List<Double> allWaits = new ArrayList<>();
    private long arrivedBytes;
    private int lost;
    private long allLost;

    FlowMeter(LongSupplier target) {
        this.target = target;
    }

    void onArrived(int bytes, long waitedNanos) {
        arrivedBytes += bytes;
        waits.add(waitedNanos / (double) MediaLab.MILLI);
    }

    void onLost() {
        lost++;
    }

    void endSecond() {
        seconds.add(new Second(target.getAsLong(), arrivedBytes * 8, percentile(waits, 0.95), lost));
        allWaits.addAll(waits);
        allLost += lost;
        waits.clear();
        arrivedBytes = 0;
        lost = 0;
    }

    /// Of the seconds from `first` on, up to `end`.
    double arrivedMean(int first, int end) {
        return seconds.subList(first, end).stream()
                .mapToLong(Second::arrivedBps)
                .average()
                .orElse(0);
    }

    double queueMost(int first, int end) {
        return seconds.subList(first, end).stream()
                .mapToDouble(Second::queueP95Millis)
                .max()
                .orElse(0);
    }

    /// How long a packet waited, over all of the time.
    List<Double> queueMillis() {
        return allWaits;
    }

    long lost() {
        return allLost;
    }

    long packets() {
        return allWaits.size() + allLost;
    }

    static double percentile(List<Double> values, double share) {
        values.sort(Comparator.naturalOrder());
        return values.isEmpty() ? 0 : values.get((int) (share * (values.size() - 1)));
    }
}
