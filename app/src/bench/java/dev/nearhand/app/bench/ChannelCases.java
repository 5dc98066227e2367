package dev.nearhand.app.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nearhand.app.bench.BenchLink.Line;
import dev.nearhand.app.bench.BenchPair.Transfer;
import dev.nearhand.app.bench.PeerPrograms.Program;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What is measured, by name. Each case fills cells of the table: what the row is called, and the figure in it.
final class ChannelCases {
    private interface Case {
        void run(Program first, Program second, Map<String, String> cells) throws InterruptedException;
    }

    private static final int KIB = 1 << 10;
    private static final int BLOCK = 64 * KIB;
    private static final int WARM_CONNECTIONS = 30;
    private static final int TIMED_CONNECTIONS = 20;
    private static final int CHANNELS = 1_000;

    /// How many of them at once: some take no 1,000.
    private static final int BATCH = 100;

    private static final int CONNECTIONS = 100;
    private static final int PINGS = 500;
    private static final double PING_INTERVAL_MILLIS = 20;
    private static final int IDLE_SECONDS = 5;
    private static final int SETTLE_SECONDS = 60;
    private static final int LOSSY_SECONDS_FACTOR = 2;
    private static final long CLOSE_MILLIS = 200;
    private static final long BUSY_BYTES = 16L << 20;
    private static final Line BOTTLENECK = new Line(20, 0, 20, 100);
    private static final Line LOSSY = new Line(50, 5, 0, 0);

    private final Path folder;
    private final int runs;
    private final double seconds;
    private final Map<String, Case> cases = new LinkedHashMap<>();
    private long seed = 1;

    /// @param runs of which the median is taken
    /// @param seconds of each transfer
    ChannelCases(Path folder, int runs, double seconds) {
        this.folder = folder;
        this.runs = runs;
        this.seconds = seconds;
        cases.put("64k", (a, b, cells) -> size(a, b, cells, BLOCK, "64 KiB messages"));
        cases.put("1k", (a, b, cells) -> size(a, b, cells, KIB, "1 KiB messages"));
        cases.put("256k", (a, b, cells) -> size(a, b, cells, 256 * KIB, "256 KiB messages"));
        cases.put("16m", (a, b, cells) -> size(a, b, cells, 16 * KIB * KIB, "16 MiB messages"));
        for (int rtt : new int[] {20, 100}) {
            for (String loss : new String[] {"0", "0.1", "1"}) {
                String name = "rtt" + rtt + (loss.equals("0") ? "" : "-" + loss);
                Line line = new Line(rtt, Double.parseDouble(loss), 0, 0);
                String row = "RTT " + rtt + " ms" + (loss.equals("0") ? "" : ", " + loss + " % loss");
                cases.put(name, (a, b, cells) -> path(a, b, cells, line, row + ", MB/s"));
            }
        }
        cases.put("ping", (a, b, cells) -> pings(a, b, cells, false));
        cases.put("ping-busy", (a, b, cells) -> pings(a, b, cells, true));
        cases.put("connect", this::connect);
        cases.put("channels", this::channels);
        cases.put("hundred", this::hundred);
        cases.put("bottleneck", this::bottleneck);
        cases.put("fair-tcp", this::besideTcp);
        cases.put("fair-self", this::besideItself);
        cases.put("verify", this::verify);
    }

    List<String> names() {
        return List.copyOf(cases.keySet());
    }

    /// @throws BenchException when it cannot be measured
    Map<String, String> run(String name, Program first, Program second) throws InterruptedException {
        Case chosen = cases.get(name);
        if (chosen == null) {
            throw new BenchException("there is no case " + name + ", but " + names());
        }
        Map<String, String> cells = new LinkedHashMap<>();
        seed++;
        chosen.run(first, second, cells);
        return cells;
    }

    private BenchPair pair(Program first, Program second, Line line) throws InterruptedException {
        return new BenchPair(first, second, line, folder, seed);
    }

    private void size(Program first, Program second, Map<String, String> cells, int size, String row)
            throws InterruptedException {
        try (BenchPair pair = pair(first, second, Line.DIRECT)) {
            if (pair.maxMessage() < size) {
                throw new BenchException("takes messages of at most " + pair.maxMessage() + " bytes");
            }
            pair.connect("0");
            pair.transfer("0", size, seconds); // its compiler's time, and its windows
            List<Transfer> all = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                all.add(pair.transfer("0", size, seconds));
            }
            cells.put(
                    row + ", MB/s",
                    number(all.stream().map(Transfer::megabytesPerSecond).toList()));
            cells.put(
                    row + ", CPU s per GB, sender + receiver",
                    number(all.stream().map(Transfer::cpuSecondsPerGb).toList()));
            cells.put(
                    row + ", datagrams that no socket took",
                    Long.toString(all.stream().mapToLong(Transfer::drops).sum()));
        }
    }

    private void path(Program first, Program second, Map<String, String> cells, Line line, String row)
            throws InterruptedException {
        double each = seconds * LOSSY_SECONDS_FACTOR;
        try (BenchPair pair = pair(first, second, line)) {
            pair.connect("0");
            pair.transfer("0", BLOCK, seconds);
            List<Double> all = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                all.add(pair.transfer("0", BLOCK, each).megabytesPerSecond());
            }
            cells.put(row, number(all));
        }
    }

    private void pings(Program first, Program second, Map<String, String> cells, boolean isBusy)
            throws InterruptedException {
        String path = "64 B at 50/s, RTT 50, 5 % loss" + (isBusy ? ", beside 16 MiB transfers" : "");
        try (BenchPair pair = pair(first, second, LOSSY)) {
            pair.connect("0");
            JsonNode ordered = pinged(pair, BenchPeer.members(), isBusy);
            cells.put(path + ", ordered: p50 / p99 ms", both(ordered));
            JsonNode unreliable = pinged(pair, BenchPeer.members().put("unreliable", true), isBusy);
            cells.put(path + ", unordered without retransmission: p50 / p99 ms", both(unreliable));
            cells.put("… of these arrive back, %", arrived(unreliable));
            if (PeerPrograms.isOurs(first) && PeerPrograms.isOurs(second)) {
                JsonNode redundant = pinged(pair, BenchPeer.members().put("redundant", true), isBusy);
                cells.put(path + ", redundant: p50 / p99 ms", both(redundant));
                cells.put("… redundant: arrive back, %", arrived(redundant));
            }
        }
    }

    private static JsonNode pinged(BenchPair pair, ObjectNode command, boolean isBusy) throws InterruptedException {
        pair.one()
                .command(
                        "ping",
                        command.put("pc", "0")
                                .put("count", PINGS)
                                .put("size", 64)
                                .put("intervalMs", PING_INTERVAL_MILLIS));
        Duration limit = Duration.ofSeconds(60);
        if (isBusy) {
            double needed = PINGS * PING_INTERVAL_MILLIS / 1e3;
            long end = System.nanoTime() + (long) (needed * 1e9);
            while (System.nanoTime() < end) {
                pair.verified("0", BLOCK, BUSY_BYTES);
            }
        }
        return pair.one().event("pings", limit);
    }

    private static String both(JsonNode pings) {
        return "%.0f / %.0f"
                .formatted(pings.path("p50").asDouble(), pings.path("p99").asDouble());
    }

    private static String arrived(JsonNode pings) {
        return "%.1f"
                .formatted(100.0
                        * pings.path("received").asDouble()
                        / pings.path("sent").asDouble());
    }

    private void connect(Program first, Program second, Map<String, String> cells) throws InterruptedException {
        try (BenchPair pair = pair(first, second, Line.DIRECT)) {
            cells.put(
                    "offer → open, first of the process, ms",
                    number(pair.connect("0").path("ms").asDouble()));
            List<Double> whole = new ArrayList<>();
            List<Double> accepted = new ArrayList<>();
            for (int i = 0; i < WARM_CONNECTIONS + TIMED_CONNECTIONS; i++) {
                pair.reset();
                TimeUnit.MILLISECONDS.sleep(CLOSE_MILLIS);
                JsonNode open = pair.connect("0");
                if (i >= WARM_CONNECTIONS) {
                    whole.add(open.path("ms").asDouble());
                    accepted.add(open.path("sinceAccept").asDouble());
                }
            }
            cells.put("offer → open, after " + WARM_CONNECTIONS + " others, no trickle, ms", number(whole));
            cells.put("answer accepted → open, ms", number(accepted));
        }
    }

    private void channels(Program first, Program second, Map<String, String> cells) throws InterruptedException {
        try (BenchPair pair = pair(first, second, Line.DIRECT)) {
            pair.connect("0");
            List<Double> open = new ArrayList<>();
            List<Double> close = new ArrayList<>();
            for (int i = 0; i <= runs; i++) {
                pair.one()
                        .command(
                                "channels",
                                BenchPeer.members()
                                        .put("pc", "0")
                                        .put("count", CHANNELS)
                                        .put("batch", BATCH));
                JsonNode done = pair.one().event("channels", Duration.ofSeconds(60));
                if (done.path("opened").asInt() < CHANNELS
                        || done.path("failed").asInt() > 0) {
                    throw new BenchException("of " + CHANNELS + " channels " + done.path("opened") + " opened and "
                            + done.path("closed") + " closed");
                }
                if (i > 0) {
                    open.add(done.path("openMs").asDouble() / CHANNELS);
                    close.add(done.path("closeMs").asDouble() / CHANNELS);
                }
            }
            cells.put(
                    "open / close one of 1,000 channels, " + BATCH + " at a time, ms",
                    "%.3f / %.3f".formatted(BenchPair.median(open), BenchPair.median(close)));
        }
    }

    private void hundred(Program first, Program second, Map<String, String> cells) throws InterruptedException {
        try (BenchPair pair = pair(first, second, Line.DIRECT)) {
            // what the first ones bring along belongs to the process
            for (int i = 0; i < CONNECTIONS / 5; i++) {
                pair.connect("w" + i);
            }
            pair.awaitQuiet();
            BenchPeer one = pair.one();
            BenchPeer two = pair.two();
            long memory = one.residentBytes() + two.residentBytes();
            int threads = one.threads() + two.threads();
            for (int i = 0; i < CONNECTIONS; i++) {
                pair.connect("c" + i);
            }
            pair.awaitQuiet();
            cells.put("100 connections: kB each, both ends", number(kilobytes(pair, memory)));
            cells.put("… threads more, both ends", Integer.toString(one.threads() + two.threads() - threads));
            cells.put("… idle CPU of the first " + IDLE_SECONDS + " s, both ends, % of a core", number(idle(pair, 1)));
            // compilers go on for what ran before; nobody waits for them, but they are not what a connection costs
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            cells.put("… idle CPU a minute later, both ends, % of a core", number(idle(pair, 2)));
            cells.put("… kB each a minute later, both ends", number(kilobytes(pair, memory)));
        }
    }

    private static double kilobytes(BenchPair pair, long before) {
        double more = pair.one().residentBytes() + pair.two().residentBytes() - before;
        return more / CONNECTIONS / 1e3;
    }

    private static double idle(BenchPair pair, int windows) throws InterruptedException {
        int seconds = windows * IDLE_SECONDS;
        double before = pair.one().cpuSeconds() + pair.two().cpuSeconds();
        TimeUnit.SECONDS.sleep(seconds);
        return (pair.one().cpuSeconds() + pair.two().cpuSeconds() - before) / seconds * 100;
    }

    private void bottleneck(Program first, Program second, Map<String, String> cells) throws InterruptedException {
        try (BenchPair pair = pair(first, second, BOTTLENECK)) {
            pair.connect("0");
            pair.transfer("0", BLOCK, seconds);
            List<Transfer> all = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                all.add(pair.transfer("0", BLOCK, seconds * LOSSY_SECONDS_FACTOR));
            }
            double mbit = BenchPair.median(
                            all.stream().map(Transfer::megabytesPerSecond).toList())
                    * 8;
            cells.put("20 Mbit/s, RTT 20, queue 100 ms: % of the rate", number(mbit / BOTTLENECK.rateMbit() * 100));
            cells.put(
                    "… p50 / p95 in the queue, ms",
                    "%.0f / %.0f".formatted(counted(all, "waitP50"), counted(all, "waitP95")));
            cells.put(
                    "… packets that the queue dropped, %", number(100 * counted(all, "dropped") / counted(all, "in")));
        }
    }

    private static double counted(List<Transfer> all, String name) {
        return BenchPair.median(
                all.stream().map(each -> each.way().path(name).asDouble()).toList());
    }

    private void besideTcp(Program first, Program second, Map<String, String> cells) throws InterruptedException {
        int tcpSeconds = (int) Math.ceil(seconds * 8);
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                TcpFlow.class.getName());
        try (BenchPair pair = pair(first, second, BOTTLENECK)) {
            pair.connect("0");
            Process receiver = start(pair.link().inB(java), "receive");
            try (BufferedReader said = receiver.inputReader()) {
                said.readLine();
                Process sender = start(pair.link().inA(java), "send", BenchLink.ADDRESS_B, tcpSeconds + "");
                // CUBIC, unless the system does not let it have that
                String control = sender.inputReader().readLine();
                // it has had the line to itself for a while, as a download that has gone on for some time
                TimeUnit.SECONDS.sleep(2);
                double ours = pair.transfer("0", BLOCK, tcpSeconds - 4).megabytesPerSecond();
                if (!sender.waitFor(tcpSeconds + 30L, TimeUnit.SECONDS)) {
                    sender.destroyForcibly();
                }
                String[] words = said.readLine().split(" ");
                double line = BOTTLENECK.rateMbit() / 8;
                cells.put(
                        "… beside one TCP flow of this system (" + control + "): % of the rate",
                        number(ours / line * 100));
                cells.put(
                        "… and that flow, alone for its first 2 s: % of the rate",
                        number(Double.parseDouble(words[0]) / Double.parseDouble(words[1]) / 1e6 / line * 100));
            } catch (IOException | NullPointerException failure) {
                throw new BenchException("the TCP flow: " + failure.getMessage());
            } finally {
                receiver.destroyForcibly();
            }
        }
    }

    private static Process start(List<String> command, String... words) {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(List.of(words));
        try {
            return new ProcessBuilder(whole)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException failure) {
            throw new BenchException("java cannot be started: " + failure.getMessage());
        }
    }

    private void besideItself(Program first, Program second, Map<String, String> cells) throws InterruptedException {
        double each = seconds * 6;
        try (BenchPair pair = pair(first, second, BOTTLENECK)) {
            pair.connect("0");
            pair.connect("1");
            for (String pc : List.of("0", "1")) {
                pair.one()
                        .command(
                                "send",
                                BenchPeer.members()
                                        .put("pc", pc)
                                        .put("run", "f" + pc)
                                        .put("bytes", 1L << 43)
                                        .put("size", BLOCK)
                                        .put("seconds", each));
            }
            Duration limit = Duration.ofSeconds((long) each + 60);
            double one = pair.two().event("received", "f0", limit).path("bytes").asDouble();
            double other =
                    pair.two().event("received", "f1", limit).path("bytes").asDouble();
            cells.put("… two of them at once: part of the first, %", number(one / (one + other) * 100));
        }
    }

    /// Both directions, hashed at the receiving end and compared with what the contract says was sent.
    private void verify(Program first, Program second, Map<String, String> cells) throws InterruptedException {
        int size = BLOCK;
        long bytes = 500L * size;
        try (BenchPair pair = pair(first, second, Line.DIRECT)) {
            pair.connect("0");
            pair.transfer("0", size, seconds);
            Transfer hashed = pair.verified("0", size, bytes);
            String wanted = Expected.sha256(size, bytes / size);
            if (!hashed.sha256().equals(wanted)) {
                throw new BenchException("what arrived is not what was sent: " + hashed.sha256());
            }
            List<Double> all = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                all.add(pair.transfer("0", size, seconds).megabytesPerSecond());
            }
            cells.put("64 KiB messages, MB/s, after 33 MB with equal hashes", number(all));
        }
    }

    private static String number(List<Double> values) {
        return number(BenchPair.median(values));
    }

    private static String number(double value) {
        return value < 10 ? "%.1f".formatted(value) : "%.0f".formatted(value);
    }
}
