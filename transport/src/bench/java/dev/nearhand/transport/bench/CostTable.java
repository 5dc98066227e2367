package dev.nearhand.transport.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What work costs beside the least that it can, its floor: CPU time of this thread, medians of rounds taken in turns,
/// and what was allocated.
final class CostTable {
    private static final int WARM_UP_ROUNDS = 10;
    private static final int ROUNDS = 21;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// Does the work for all items of a round.
    interface Round {
        void run() throws Exception;
    }

    private static final class Line {
        final String name;
        final Round round;
        final Line floor;
        final double[] micros = new double[ROUNDS];
        double bytes;

        Line(String name, Round round, Line floor) {
            this.name = name;
            this.round = round;
            this.floor = floor == null ? this : floor;
        }

        double median() {
            double[] sorted = micros.clone();
            Arrays.sort(sorted);
            return sorted[ROUNDS / 2];
        }
    }

    private final String item;
    private final int items;
    private final List<Line> lines = new ArrayList<>();
    private Line floor;

    /// @param items how many a round has
    CostTable(String item, int items) {
        this.item = item;
        this.items = items;
    }

    /// The floor of the lines that follow.
    CostTable floor(String name, Round round) {
        floor = new Line(name, round, null);
        lines.add(floor);
        return this;
    }

    CostTable line(String name, Round round) {
        lines.add(new Line(name, round, floor));
        return this;
    }

    /// Runs all in turns, in the order in which they were told, and prints what they cost.
    void print() throws Exception {
        for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
            for (Line line : lines) {
                measure(line, round);
            }
        }
        System.out.println("| per " + item + " | µs CPU | of the floor | bytes allocated |");
        System.out.println("|---|---|---|---|");
        for (Line line : lines) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.2f | %.2f | %.0f |%n",
                    line.name,
                    line.median(),
                    line.median() / line.floor.median(),
                    line.bytes);
        }
        System.out.println();
    }

    private void measure(Line line, int round) throws Exception {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long began = THREADS.getCurrentThreadCpuTime();
        line.round.run();
        long nanos = THREADS.getCurrentThreadCpuTime() - began;
        if (round >= 0) {
            line.micros[round] = nanos / 1_000.0 / items;
            line.bytes = (THREADS.getCurrentThreadAllocatedBytes() - allocated) / (double) items;
        }
    }
}
