package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.SctpConfig.Congestion;
import dev.nearhand.transport.sim.LinkProfile;
import java.util.List;

/// How the congestion controls do on fast lossy lines and on narrow ones with a queue, in virtual time: the same
/// figures on any machine. [#main] prints them as a table.
final class CongestionFigures {
    private CongestionFigures() {}

    /// @return MB (of 10^6 bytes) a second of one flow, in the seconds after the first
    static double bulk(long seed, Congestion congestion, LinkProfile line, double seconds) {
        SharedLine shared = new SharedLine(seed, line);
        SharedLine.Flow flow = shared.flow(congestion, 0);
        shared.runSeconds(seconds);
        return flow.receivedBytes / 1e6 / seconds;
    }

    static LinkProfile fast(double rttMillis, double loss) {
        return LinkProfile.perfect()
                .withDelayMillis(rttMillis / 2)
                .withLoss(loss)
                .withRate(1_000_000_000L, 1 << 20);
    }

    static LinkProfile narrow(double rttMillis) {
        return LinkProfile.perfect().withDelayMillis(rttMillis / 2).withRate(20_000_000L, 250_000);
    }

    /// Two flows on a narrow line, the second a second later.
    ///
    /// @return share of the first in percent, share of the rate in percent, p50 and p95 of the queue in ms
    static double[] share(long seed, Congestion first, Congestion second, double rttMillis, double seconds) {
        SharedLine shared = new SharedLine(seed, narrow(rttMillis));
        SharedLine.Flow one = shared.flow(first, 0);
        SharedLine.Flow two = shared.flow(second, 1_000);
        shared.runSeconds(5);
        shared.restart();
        shared.runSeconds(seconds);
        double sum = one.receivedBytes + two.receivedBytes;
        return new double[] {
            100 * one.receivedBytes / sum,
            sum / seconds / 2_500_000 * 100,
            shared.queueMillis(50),
            shared.queueMillis(95)
        };
    }

    /// @return share of the rate in percent, p50 and p95 of the queue in ms
    static double[] alone(long seed, Congestion congestion, double rttMillis, double seconds) {
        SharedLine shared = new SharedLine(seed, narrow(rttMillis));
        SharedLine.Flow flow = shared.flow(congestion, 0);
        shared.runSeconds(2);
        shared.restart();
        shared.runSeconds(seconds);
        return new double[] {
            flow.receivedBytes / seconds / 2_500_000 * 100, shared.queueMillis(50), shared.queueMillis(95)
        };
    }

    /// Prints the figures; nothing is measured by a clock. `fast`, `narrow` or both.
    public static void main(String[] arguments) {
        List<String> wanted = arguments.length == 0 ? List.of("fast", "narrow") : List.of(arguments);
        if (wanted.contains("fast")) {
            printFast();
        }
        if (wanted.contains("narrow")) {
            printNarrow();
        }
        if (wanted.contains("shares")) {
            printShares();
        }
    }

    private static void printFast() {
        System.out.println("| 1 Gbit/s, queue of 1 MiB, the first 4 s | CUBIC MB/s | BBR MB/s |");
        for (double rtt : new double[] {20, 100}) {
            for (double loss : new double[] {0, 0.001, 0.01, 0.05}) {
                System.out.printf(
                        "| RTT %.0f ms, loss %.1f %% | %.1f | %.1f |%n",
                        rtt,
                        loss * 100,
                        bulk(1, Congestion.CUBIC, fast(rtt, loss), 4),
                        bulk(1, Congestion.BBR, fast(rtt, loss), 4));
            }
        }
    }

    private static void printNarrow() {
        System.out.println("| 20 Mbit/s, queue of 100 ms | first | of the rate | queue p50 | p95 |");
        for (double rtt : new double[] {20, 50, 100}) {
            for (Congestion each : Congestion.values()) {
                double[] figures = alone(1, each, rtt, 15);
                System.out.printf(
                        "| RTT %.0f ms, %s alone | - | %.1f %% | %.0f ms | %.0f ms |%n",
                        rtt, each, figures[0], figures[1], figures[2]);
            }
            for (Congestion[] each : new Congestion[][] {
                {Congestion.BBR, Congestion.BBR},
                {Congestion.BBR, Congestion.CUBIC},
                {Congestion.CUBIC, Congestion.BBR},
                {Congestion.CUBIC, Congestion.CUBIC}
            }) {
                double[] figures = share(1, each[0], each[1], rtt, 40);
                System.out.printf(
                        "| RTT %.0f ms, %s against %s | %.0f %% | %.1f %% | %.0f ms | %.0f ms |%n",
                        rtt, each[0], each[1], figures[0], figures[1], figures[2], figures[3]);
            }
        }
    }

    /// Seeds change when BBR tries for more; what the flows get against each other is a matter of chance, too.
    private static void printShares() {
        for (double rtt : new double[] {20, 50}) {
            for (boolean first : new boolean[] {true, false}) {
                StringBuilder line = new StringBuilder();
                double sum = 0;
                for (int seed = 1; seed <= 4; seed++) {
                    Congestion one = first ? Congestion.BBR : Congestion.CUBIC;
                    double[] figures = share(seed, one, first ? Congestion.CUBIC : Congestion.BBR, rtt, 60);
                    double bbr = first ? figures[0] : 100 - figures[0];
                    sum += bbr;
                    line.append(" %.0f %%".formatted(bbr));
                }
                System.out.printf(
                        "| RTT %.0f ms, BBR %s CUBIC | mean %.0f %% |%s |%n",
                        rtt, first ? "before" : "after", sum / 4, line);
            }
        }
    }
}
