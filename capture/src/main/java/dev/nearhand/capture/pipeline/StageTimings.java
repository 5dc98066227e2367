package dev.nearhand.capture.pipeline;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// How long each stage took for the last [#WINDOW] pictures. Any thread records and asks; recording takes no lock that
/// another stage holds.
public final class StageTimings {
    /// What a picture goes through, in this order.
    public enum Stage {
        CAPTURE,
        ENCODE,
        SEND,
        RECEIVE,
        DECODE,
        PRESENT,
        /// Finding and coding them at the host, decoding and laying them down at the viewer.
        TILES
    }

    /// So many durations of each stage are looked at; older ones are forgotten.
    public static final int WINDOW = 256;

    /// What is known of one stage.
    ///
    /// @param count pictures since the start
    /// @param p50Nanos the median over the window; all three are 0 before the first picture
    /// @param maxNanos the longest in the window
    public record Snapshot(long count, long p50Nanos, long p95Nanos, long maxNanos) {}

    private static final class Window {
        private final long[] nanos = new long[WINDOW];
        private long count;

        synchronized void record(long duration) {
            nanos[(int) (count++ % WINDOW)] = duration;
        }

        synchronized Snapshot snapshot() {
            int filled = (int) Math.min(count, WINDOW);
            if (filled == 0) {
                return new Snapshot(0, 0, 0, 0);
            }
            long[] sorted = Arrays.copyOf(nanos, filled);
            Arrays.sort(sorted);
            return new Snapshot(count, rank(sorted, 50), rank(sorted, 95), sorted[filled - 1]);
        }

        /// The nearest-rank percentile.
        private static long rank(long[] sorted, int percent) {
            return sorted[(sorted.length * percent + 99) / 100 - 1];
        }
    }

    private final Map<Stage, Window> windows = new EnumMap<>(Stage.class);

    public StageTimings() {
        for (Stage stage : Stage.values()) {
            windows.put(stage, new Window());
        }
    }

    public void record(Stage stage, long nanos) {
        window(stage).record(nanos);
    }

    public Snapshot snapshot(Stage stage) {
        return window(stage).snapshot();
    }

    /// All stages that have seen a picture, in order.
    public Map<Stage, Snapshot> snapshot() {
        Map<Stage, Snapshot> result = new EnumMap<>(Stage.class);
        windows.forEach((stage, window) -> {
            Snapshot snapshot = window.snapshot();
            if (snapshot.count() > 0) {
                result.put(stage, snapshot);
            }
        });
        return Collections.unmodifiableMap(result);
    }

    private Window window(Stage stage) {
        return Objects.requireNonNull(windows.get(stage));
    }
}
