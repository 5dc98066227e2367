package dev.nearhand.transport.congestion;

import dev.nearhand.transport.congestion.MediaLab.Line;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Runs the cases of [RFC 8867](https://www.rfc-editor.org/rfc/rfc8867) in virtual time and writes
/// docs/congestion-cases.md with a plot of each.
final class CongestionCases {
    private static final int SHORT_FLOWS = 10;
    private static final double MEAN_PAUSE_SECONDS = 10;

    private CongestionCases() {}

    public static void main(String[] arguments) throws IOException {
        long seed = Long.getLong("cases.seed", 1);
        new CasesPage(Path.of(System.getProperty("nearhand.root", "."), "docs")).write(all(seed), seed);
    }

    static List<CongestionCase> all(long seed) {
        List<CongestionCase> cases = new ArrayList<>();
        cases.add(oneFlow(seed));
        cases.add(twoFlows(seed));
        cases.add(bothWays(seed));
        cases.add(threeFlows(seed));
        cases.add(roundTrips(seed));
        cases.add(besideALongTransfer(seed, 300));
        cases.add(besideALongTransfer(seed, 1_000));
        cases.add(besideShortTransfers(seed));
        cases.add(pause(seed));
        cases.add(severalBottlenecks(seed));
        cases.forEach(CongestionCase::run);
        return cases;
    }

    static CongestionCase oneFlow(long seed) {
        CongestionCase one = new CongestionCase("5.1", "one flow, the rate changes", 100, seed);
        Line line = Line.of(1e6, 50);
        one.rates(line, 0, 1, 40, 2.5, 60, 0.6, 80, 1);
        one.media(0, List.of(line), List.of(line.back()));
        return one;
    }

    static CongestionCase twoFlows(long seed) {
        CongestionCase two = new CongestionCase("5.2", "two flows, the rate changes", 125, seed);
        Line line = Line.of(4e6, 50);
        two.rates(line, 0, 4, 25, 2, 50, 3.5, 75, 1, 100, 2);
        two.media(0, List.of(line), List.of(line.back()));
        two.media(0, List.of(line), List.of(line.back()));
        return two;
    }

    static CongestionCase bothWays(long seed) {
        CongestionCase both = new CongestionCase("5.3", "one flow each way, feedback in the other's queue", 100, seed);
        Line forth = Line.of(2e6, 50);
        Line back = Line.of(2e6, 50);
        both.rates(forth, 0, 2, 20, 1, 40, 0.5, 60, 2);
        both.media(0, List.of(forth), List.of(back));
        both.media(0, List.of(back), List.of(forth));
        both.rates(back, 0, 2, 35, 0.8, 70, 2);
        return both;
    }

    static CongestionCase threeFlows(long seed) {
        CongestionCase three = new CongestionCase("5.4", "three flows, one after the other", 120, seed);
        Line line = Line.of(3.5e6, 50);
        three.rates(line, 0, 3.5);
        for (int begin = 0; begin <= 40; begin += 20) {
            three.media(begin, List.of(line), List.of(line.back()));
        }
        return three;
    }

    static CongestionCase roundTrips(long seed) {
        CongestionCase five = new CongestionCase("5.5", "round trips of 20, 50, 100, 200, 300 ms", 300, seed);
        Line line = Line.of(4e6, 0);
        five.rates(line, 0, 4);
        int begin = 0;
        for (int delayMillis : new int[] {10, 25, 50, 100, 150}) {
            Line way = Line.of(0, delayMillis);
            five.media(begin, List.of(line, way), List.of(way.back()));
            begin += 10;
        }
        return five;
    }

    static CongestionCase besideALongTransfer(long seed, int queueMillis) {
        CongestionCase beside =
                new CongestionCase("5.6", "beside a long transfer, a queue of " + queueMillis + " ms", 120, seed);
        Line line = Line.of(2e6, 50);
        line.queueNanos = queueMillis * MediaLab.MILLI;
        beside.rates(line, 0, 2);
        beside.media(5, List.of(line), List.of(line.back()));
        BulkFlow transfer = beside.bulk(List.of(line), List.of(line.back()));
        beside.lab.at(0, () -> transfer.give(1_000_000_000));
        return beside;
    }

    static CongestionCase besideShortTransfers(long seed) {
        CongestionCase beside = new CongestionCase("5.7", "beside ten transfers of 0.1 to 1 MB", 300, seed);
        Line line = Line.of(2e6, 50);
        beside.rates(line, 0, 2);
        beside.media(5, List.of(line), List.of(line.back()));
        beside.media(5, List.of(line), List.of(line.back()));
        Random dice = new Random(seed);
        List<BulkFlow> transfers = new ArrayList<>();
        List<Double> next = new ArrayList<>();
        for (int i = 0; i < SHORT_FLOWS; i++) {
            transfers.add(beside.bulk(List.of(line), List.of(line.back())));
            next.add(-MEAN_PAUSE_SECONDS * Math.log(1 - dice.nextDouble()));
        }
        // looked at ten times a second: who is done pauses, whose pause is over begins anew
        for (int tenth = 0; tenth < 3_000; tenth++) {
            double second = tenth / 10.0;
            beside.lab.at(second, () -> {
                for (int i = 0; i < SHORT_FLOWS; i++) {
                    if (next.get(i) <= second) {
                        transfers.get(i).give(100_000 + dice.nextInt(900_000));
                        next.set(i, Double.MAX_VALUE);
                    } else if (next.get(i) == Double.MAX_VALUE
                            && transfers.get(i).isDone()) {
                        next.set(i, second - MEAN_PAUSE_SECONDS * Math.log(1 - dice.nextDouble()));
                    }
                }
            });
        }
        return beside;
    }

    static CongestionCase pause(long seed) {
        CongestionCase three = new CongestionCase("5.8", "three flows, the first pauses from 40 to 60 s", 120, seed);
        Line line = Line.of(3.5e6, 50);
        three.rates(line, 0, 3.5);
        MediaFlow first = three.media(0, List.of(line), List.of(line.back()));
        three.media(0, List.of(line), List.of(line.back()));
        three.media(0, List.of(line), List.of(line.back()));
        three.lab.at(40, first::pause);
        three.lab.at(60, first::resume);
        return three;
    }

    static CongestionCase severalBottlenecks(long seed) {
        CongestionCase chain = new CongestionCase(
                "6.3", "the first flow over two lines of 2 Mbit/s, one more flow on each", 120, seed);
        Line one = Line.of(2e6, 25);
        Line other = Line.of(2e6, 25);
        chain.rates(one, 0, 2);
        chain.media(0, List.of(one, other), List.of(one.back(), other.back()));
        chain.media(10, List.of(one), List.of(one.back()));
        chain.media(20, List.of(other), List.of(other.back()));
        return chain;
    }
}
