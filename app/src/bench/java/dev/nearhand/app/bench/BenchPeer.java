package dev.nearhand.app.bench;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// A program that speaks the contract of docs/peer.md, as a process, and what /proc tells of it. One thread at a time.
final class BenchPeer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration REPLY = Duration.ofSeconds(60);
    private static final int END_SECONDS = 5;
    private static final double QUIET_CORES = 0.05;
    private static final int QUIET_LOOK_MILLIS = 400;

    private final String name;
    private final Process process;
    private final Writer input;
    private final BlockingQueue<JsonNode> lines = new LinkedBlockingQueue<>();
    private final List<JsonNode> waiting = new ArrayList<>();
    private int lastId;

    /// @param errors where its error output goes
    BenchPeer(String name, List<String> command, Path folder, Path errors) {
        this.name = name;
        try {
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                    .start();
        } catch (IOException failure) {
            throw new BenchException(name + " cannot be started: " + failure.getMessage());
        }
        input = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofPlatform().daemon().start(this::read);
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(JSON.readTree(line));
            }
        } catch (IOException gone) {
            // told below
        }
        lines.add(JSON.createObjectNode().put("ended", true));
    }

    String name() {
        return name;
    }

    static ObjectNode members() {
        return JSON.createObjectNode();
    }

    JsonNode command(String cmd, ObjectNode members) throws InterruptedException {
        int id = ++lastId;
        try {
            input.write(JSON.writeValueAsString(members.put("id", id).put("cmd", cmd)) + "\n");
            input.flush();
        } catch (JacksonException impossible) {
            throw new UncheckedIOException(impossible);
        } catch (IOException gone) {
            throw new BenchException(name + " has ended");
        }
        JsonNode reply = await(line -> line.path("id").asInt(-1) == id, cmd, REPLY);
        if (reply.has("error")) {
            throw new BenchException(
                    name + ", " + cmd + ": " + reply.path("error").asText());
        }
        return reply;
    }

    /// The next event of that name; one that tells of a failure ends the wait, too.
    JsonNode event(String event, Duration limit) throws InterruptedException {
        return event(event, "", limit);
    }

    /// @param run the event's member `run`, or empty for any
    JsonNode event(String event, String run, Duration limit) throws InterruptedException {
        JsonNode line = await(
                each -> each.path("event").asText().equals("error")
                        || (each.path("event").asText().equals(event)
                                && (run.isEmpty() || each.path("run").asText().equals(run))),
                event,
                limit);
        if (line.path("event").asText().equals("error")) {
            throw new BenchException(name + ": " + line);
        }
        return line;
    }

    private JsonNode await(Predicate<JsonNode> wanted, String what, Duration limit) throws InterruptedException {
        for (JsonNode line : waiting) {
            if (wanted.test(line)) {
                waiting.remove(line);
                return line;
            }
        }
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            JsonNode line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new BenchException(name + ": no " + what + " within " + limit.toSeconds() + " s");
            }
            if (line.has("ended")) {
                throw new BenchException(name + " has ended, before " + what);
            }
            if (wanted.test(line)) {
                return line;
            }
            waiting.add(line);
        }
    }

    /// Nothing that was said so far is waited for any more.
    void forget() {
        waiting.clear();
    }

    double cpuSeconds() {
        return CpuTime.seconds(process);
    }

    /// Memory of its processes, that which they share counted once.
    long residentBytes() {
        return sum("smaps_rollup", "Pss:") * 1024;
    }

    int threads() {
        return (int) sum("status", "Threads:");
    }

    private long sum(String file, String key) {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .mapToLong(handle -> value(handle.pid(), file, key))
                .sum();
    }

    private static long value(long pid, String file, String key) {
        try (Stream<String> all = Files.lines(Path.of("/proc", Long.toString(pid), file))) {
            return all.filter(line -> line.startsWith(key))
                    .mapToLong(line ->
                            Long.parseLong(line.substring(key.length()).strip().split("\\s+")[0]))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException gone) {
            return 0;
        }
    }

    /// Datagrams that its machine has thrown away, as no socket took them in time.
    long socketDrops() {
        try {
            List<String[]> udp =
                    Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "net", "snmp")).stream()
                            .filter(line -> line.startsWith("Udp:"))
                            .map(line -> line.split(" "))
                            .toList();
            int column = List.of(udp.getFirst()).indexOf("RcvbufErrors");
            return Long.parseLong(udp.getLast()[column]);
        } catch (IOException gone) {
            return 0;
        }
    }

    /// Waits until it has next to nothing to do: what a program does at its start, or for a past measurement, belongs
    /// to no other.
    void awaitQuiet(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        double before = cpuSeconds();
        while (System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(QUIET_LOOK_MILLIS);
            double now = cpuSeconds();
            if (now - before <= QUIET_CORES * QUIET_LOOK_MILLIS / 1e3) {
                return;
            }
            before = now;
        }
    }

    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException gone) {
            // it is over in any case
        }
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stop) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
