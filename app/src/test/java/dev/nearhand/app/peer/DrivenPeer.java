package dev.nearhand.app.peer;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// The other end of a peer's lines: gives commands, waits for replies and events.
final class DrivenPeer implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long PATIENCE_SECONDS = 60;

    private final OutputStream commands;
    private final BlockingQueue<JsonNode> lines = new LinkedBlockingQueue<>();
    private final List<JsonNode> waiting = new ArrayList<>();
    private final Thread reader;
    private int lastId;

    /// Drives whatever reads and writes these, as the process of a peer does.
    DrivenPeer(OutputStream commands, InputStream output) {
        this.commands = commands;
        this.reader = Thread.ofPlatform().daemon().start(() -> read(output));
    }

    /// A peer in this process.
    static DrivenPeer start() throws IOException {
        // pipes of the system: those of java.io mind that threads end which have written
        Pipe commands = Pipe.open();
        Pipe output = Pipe.open();
        Thread.ofPlatform().daemon().start(() -> {
            try (PrintWriter writer =
                    new PrintWriter(Channels.newOutputStream(output.sink()), false, StandardCharsets.UTF_8)) {
                new PeerProgram(Channels.newInputStream(commands.source()), writer, "test").run();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        });
        return new DrivenPeer(Channels.newOutputStream(commands.sink()), Channels.newInputStream(output.source()));
    }

    private void read(InputStream output) {
        try (BufferedReader reading = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            for (String line = reading.readLine(); line != null; line = reading.readLine()) {
                lines.add(parsed(line));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static JsonNode parsed(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (JacksonException notJson) {
            return MAPPER.createObjectNode().put("notJson", line);
        }
    }

    /// Gives it a line, and takes the next one that comes.
    JsonNode say(String line) throws InterruptedException {
        write(line);
        return await(_ -> true);
    }

    private void write(String line) {
        try {
            commands.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            commands.flush();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /// The reply to a command with these members.
    JsonNode command(String cmd, ObjectNode members) throws InterruptedException {
        int id = ++lastId;
        write(members.put("id", id).put("cmd", cmd).toString());
        return await(line -> line.path("id").asInt(-1) == id);
    }

    JsonNode event(String name) throws InterruptedException {
        return await(line -> line.path("event").asText().equals(name));
    }

    private JsonNode await(Predicate<JsonNode> wanted) throws InterruptedException {
        for (JsonNode line : waiting) {
            if (wanted.test(line)) {
                waiting.remove(line);
                return line;
            }
        }
        while (true) {
            JsonNode line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("nothing of that kind came, but " + waiting);
            }
            if (wanted.test(line)) {
                return line;
            }
            waiting.add(line);
        }
    }

    static ObjectNode members() {
        return MAPPER.createObjectNode();
    }

    void connect(DrivenPeer other, String pc) throws InterruptedException {
        JsonNode offer = command("offer", members().put("pc", pc));
        JsonNode answer = other.command(
                "answer", members().put("pc", pc).put("sdp", offer.path("sdp").asText()));
        command("accept", members().put("pc", pc).put("sdp", answer.path("sdp").asText()));
    }

    void endInput() throws IOException {
        commands.close();
    }

    /// Waits for the end of its output; what has not been waited for.
    List<JsonNode> awaitEnd() throws InterruptedException {
        if (!reader.join(Duration.ofSeconds(PATIENCE_SECONDS))) {
            throw new AssertionError("it goes on");
        }
        lines.drainTo(waiting);
        return waiting;
    }

    @Override
    public void close() throws IOException {
        commands.close();
    }
}
