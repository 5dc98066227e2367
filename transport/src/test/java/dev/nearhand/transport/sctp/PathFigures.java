package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sim.LinkProfile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How fast an association is over lines with delay and loss, in virtual time: the same seed gives the same figures on
/// any machine. [#main] prints them as a table.
final class PathFigures {
    private static final double MIB = 1024.0 * 1024.0;

    private PathFigures() {}

    /// Milliseconds from `send` to delivery, sorted.
    record Latencies(double[] sortedMillis) {
        double percentile(double percent) {
            if (sortedMillis.length == 0) {
                return Double.NaN; // none arrived in time
            }
            return sortedMillis[(int) Math.min(sortedMillis.length - 1L, (long) (sortedMillis.length * percent / 100))];
        }
    }

    static LinkProfile line(double rttMillis, double loss) {
        return LinkProfile.perfect().withDelayMillis(rttMillis / 2).withLoss(loss);
    }

    /// Ordered messages of 64 bytes, 50 a second, as a person's input makes them.
    ///
    /// @param filler bytes of large messages that are sent on another stream at the same time; 0 for none
    static Latencies latencies(long firstSeed, int seeds, int messages, LinkProfile line, int filler) {
        return latencies(firstSeed, seeds, messages, line, filler, false);
    }

    /// @param redundant whether small messages are sent again before they are known to be lost
    static Latencies latencies(
            long firstSeed, int seeds, int messages, LinkProfile line, int filler, boolean redundant) {
        List<Double> all = new ArrayList<>();
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            SctpPair pair = new SctpPair(seed, line, SctpConfig.defaults()).connected();
            pair.net.right.onEvent = event -> {
                if (event instanceof SctpEvent.MessageReceived got && got.streamId() == 1) {
                    all.add((pair.net.now()
                                    - got.message().getLong(got.message().position()))
                            / 1e6);
                }
            };
            pair.left.setRedundant(1, redundant);
            if (filler > 0) {
                pair.send(2, new byte[filler]);
            }
            for (int i = 0; i < messages; i++) {
                byte[] message = new byte[64];
                ByteBuffer.wrap(message).putLong(pair.net.now());
                pair.send(1, message);
                pair.net.runFor(20 * VirtualPair.MILLI);
            }
            pair.net.runFor(10 * VirtualPair.SECOND);
        }
        double[] sorted = all.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return new Latencies(sorted);
    }

    /// Messages of 64 KiB without a pause; MB (of 10^6 bytes) a second.
    static double throughput(long seed, LinkProfile line, int seconds) {
        SctpPair pair = new SctpPair(seed, line, SctpConfig.defaults()).connected();
        long[] received = {0};
        pair.net.right.onEvent = event -> {
            if (event instanceof SctpEvent.MessageReceived got) {
                received[0] += got.message().remaining();
            }
        };
        byte[] message = new byte[64 * 1024];
        Runnable fill = () -> pair.net.left.run(() -> {
            while (pair.left.bufferedBytes() < 8 * MIB) {
                pair.left.send(pair.net.now(), 1, false, Reliability.RELIABLE, 53, ByteBuffer.wrap(message));
            }
        });
        for (int i = 0; i < seconds * 20; i++) {
            fill.run();
            pair.net.runFor(50 * VirtualPair.MILLI);
            pair.net.right.events.clear();
            pair.net.left.events.clear();
        }
        return received[0] / 1e6 / seconds;
    }

    /// Prints the figures; nothing is measured by a clock.
    public static void main(String[] arguments) {
        System.out.println("| line | p50 ms | p90 ms | p99 ms | p99.9 ms |");
        for (double loss : new double[] {0, 0.01, 0.05, 0.1}) {
            for (boolean redundant : new boolean[] {false, true}) {
                print(loss, redundant, "", latencies(1, 20, 1_000, line(50, loss), 0, redundant));
            }
        }
        for (boolean redundant : new boolean[] {false, true}) {
            Latencies figures = latencies(1, 5, 500, line(50, 0.05), 16 << 20, redundant);
            print(0.05, redundant, ", beside a message of 16 MiB", figures);
        }
        System.out.println("| line, 1 Gbit/s with a queue of 1 MiB | MB/s |");
        for (double rtt : new double[] {20, 100}) {
            for (double loss : new double[] {0, 0.001, 0.01}) {
                double sum = 0;
                for (int seed = 1; seed <= 3; seed++) {
                    sum += throughput(seed, line(rtt, loss).withRate(1_000_000_000L, 1 << 20), 10);
                }
                System.out.printf("| RTT %.0f ms, loss %.1f %% | %.2f |%n", rtt, loss * 100, sum / 3);
            }
        }
        LinkProfile narrow = line(20, 0).withRate(20_000_000L, 250_000);
        System.out.printf("| RTT 20 ms, 20 Mbit/s with a queue of 100 ms | %.2f |%n", throughput(1, narrow, 20));
    }

    private static void print(double loss, boolean redundant, String beside, Latencies figures) {
        System.out.printf(
                "| 64 B at 50/s, RTT 50 ms, loss %.1f %%%s%s | %.0f | %.0f | %.0f | %.0f |%n",
                loss * 100,
                redundant ? ", redundant" : "",
                beside,
                figures.percentile(50),
                figures.percentile(90),
                figures.percentile(99),
                figures.percentile(99.9));
    }
}
