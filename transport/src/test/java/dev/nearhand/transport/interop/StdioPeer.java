package dev.nearhand.transport.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nearhand.testing.interop.ForeignPeer;
import dev.nearhand.testing.interop.Log;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A peer driven by JSON lines over its standard input and output.
final class StdioPeer implements ForeignPeer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Writer commands;
    private final BlockingQueue<String> replies = new LinkedBlockingQueue<>();
    private final Log log;
    private int lastId;

    StdioPeer(List<String> command, Path folder) {
        try {
            process = new ProcessBuilder(command).directory(folder.toFile()).start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        commands = process.outputWriter(StandardCharsets.UTF_8);
        log = new Log(process.errorReader(StandardCharsets.UTF_8));
        // no virtual thread: what waits for a pipe keeps its carrier, and there are as few as processors
        Thread.ofPlatform().daemon().start(this::readReplies);
    }

    private void readReplies() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
                replies.add(line);
            }
        } catch (IOException ended) {
            // its end is told below
        }
        replies.add("{\"id\":-1,\"error\":\"the program has ended\"}");
    }

    private String call(String command, String sdp) {
        try {
            commands.write(JSON.writeValueAsString(Map.of("id", ++lastId, "cmd", command, "sdp", sdp)) + "\n");
            commands.flush();
            @Nullable String line = replies.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            JsonNode reply = JSON.readTree(line == null ? "{\"error\":\"no answer\"}" : line);
            if (reply.hasNonNull("error")) {
                throw new IllegalStateException(
                        command + ": " + reply.get("error").asText() + "\n" + log());
            }
            return reply.path("sdp").asText();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stop);
        }
    }

    /// What the program answers to a command of its own.
    String ask(String command) {
        return call(command, "");
    }

    @Override
    public String offer() {
        return call("offer", "");
    }

    @Override
    public void accept(String answer) {
        call("accept", answer);
    }

    @Override
    public String answer(String offer) {
        return call("answer", offer);
    }

    @Override
    public String log() {
        return log.text();
    }

    @Override
    public void close() {
        Log.end(process);
    }
}
