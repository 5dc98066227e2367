package dev.nearhand.app.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nearhand.app.bench.PeerPrograms.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// Two peers on a link of their own, the offering one at end A, and what can be measured between them.
final class BenchPair implements AutoCloseable {
    /// A run that sends until its time is over: more than any of them can.
    private static final long ENDLESS = 1L << 43;

    private static final Duration CONNECT = Duration.ofSeconds(30);
    private static final Duration QUIET = Duration.ofSeconds(20);
    private static final int SPARE_SECONDS = 90;

    /// One transfer.
    ///
    /// @param cpuSecondsPerGb of both ends together
    /// @param drops datagrams that the receiver's socket had no room for
    /// @param sha256 empty unless verified
    /// @param way what an emulated link counted meanwhile from A to B, otherwise empty
    record Transfer(double megabytesPerSecond, double cpuSecondsPerGb, long drops, String sha256, JsonNode way) {}

    private final BenchLink link;
    private final BenchPeer one;
    private final BenchPeer two;
    private int runs;

    /// @param folder for the emulator and logs
    BenchPair(Program first, Program second, BenchLink.Line line, Path folder, long seed) throws InterruptedException {
        link = new BenchLink(line, folder, seed);
        Path errors = folder.resolve("errors.log");
        try {
            one = new BenchPeer(first.name(), link.inA(first.command()), first.folder(), errors);
            two = new BenchPeer(second.name(), link.inB(second.command()), second.folder(), errors);
        } catch (RuntimeException failure) {
            link.close();
            throw failure;
        }
        try {
            one.command("info", BenchPeer.members());
            two.command("info", BenchPeer.members());
            awaitQuiet();
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    BenchPeer one() {
        return one;
    }

    BenchPeer two() {
        return two;
    }

    BenchLink link() {
        return link;
    }

    void awaitQuiet() throws InterruptedException {
        one.awaitQuiet(QUIET);
        two.awaitQuiet(QUIET);
    }

    long maxMessage() throws InterruptedException {
        return Math.min(
                one.command("info", BenchPeer.members()).path("maxMessage").asLong(),
                two.command("info", BenchPeer.members()).path("maxMessage").asLong());
    }

    /// @return the event `open` of the offering side
    JsonNode connect(String pc) throws InterruptedException {
        JsonNode offer = one.command("offer", BenchPeer.members().put("pc", pc));
        JsonNode answer = two.command(
                "answer",
                BenchPeer.members().put("pc", pc).put("sdp", offer.path("sdp").asText()));
        one.command(
                "accept",
                BenchPeer.members().put("pc", pc).put("sdp", answer.path("sdp").asText()));
        JsonNode open = one.event("open", CONNECT);
        two.event("open", CONNECT);
        return open;
    }

    void reset() throws InterruptedException {
        one.command("reset", BenchPeer.members());
        two.command("reset", BenchPeer.members());
        one.forget();
        two.forget();
    }

    /// Sends for so long, from A to B.
    Transfer transfer(String pc, int size, double seconds) throws InterruptedException {
        ObjectNode command = command(pc, size, ENDLESS).put("seconds", seconds);
        return transfer(command, seconds);
    }

    /// Sends so many bytes that are hashed at the other end.
    Transfer verified(String pc, int size, long bytes) throws InterruptedException {
        return transfer(command(pc, size, bytes).put("verify", true), 0);
    }

    private ObjectNode command(String pc, int size, long bytes) {
        return BenchPeer.members()
                .put("pc", pc)
                .put("run", "r" + ++runs)
                .put("bytes", bytes)
                .put("size", size)
                .put("ordered", true);
    }

    private Transfer transfer(ObjectNode command, double seconds) throws InterruptedException {
        double cpu = one.cpuSeconds() + two.cpuSeconds();
        long drops = two.socketDrops();
        String run = command.path("run").asText();
        link.counters();
        one.command("send", command);
        JsonNode received = two.event("received", run, Duration.ofMillis((long) ((seconds + SPARE_SECONDS) * 1e3)));
        JsonNode way = link.counters().path("ab");
        double spent = one.cpuSeconds() + two.cpuSeconds() - cpu;
        double bytes = received.path("bytes").asDouble();
        // what it has sent beyond belongs to no other measurement
        one.event("sent", run, Duration.ofSeconds(SPARE_SECONDS));
        link.awaitQuiet();
        return new Transfer(
                bytes / received.path("seconds").asDouble() / 1e6,
                spent / bytes * 1e9,
                two.socketDrops() - drops,
                received.path("sha256").asText(),
                way);
    }

    static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : Arrays.stream(sorted, middle - 1, middle + 1).sum() / 2;
    }

    @Override
    public void close() {
        one.close();
        two.close();
        link.close();
    }
}
