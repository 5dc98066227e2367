package dev.nearhand.transport.interop.matrix;

import dev.nearhand.testing.interop.Log;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A driver that is a program of its own, on its standard input and output.
final class ProcessPeer extends Peer {
    private final Process process;
    private final Writer commands;
    private final Log log;

    /// @param folder where it may leave what it wants
    ProcessPeer(List<String> command, Path folder, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        commands = process.outputWriter(StandardCharsets.UTF_8);
        log = new Log(process.errorReader(StandardCharsets.UTF_8));
        // no virtual thread: what waits for a pipe keeps its carrier, and there are as few as processors
        Thread.ofPlatform().daemon().start(this::read);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
                received(line);
            }
        } catch (IOException gone) {
            // its end is told below
        }
        ended("the program has ended");
    }

    @Override
    synchronized void write(String line) {
        try {
            commands.write(line + "\n");
            commands.flush();
        } catch (IOException gone) {
            throw new StepException("the program has ended");
        }
    }

    @Override
    String log() {
        return log.text();
    }

    @Override
    public void close() {
        try {
            commands.close();
            process.waitFor(3, TimeUnit.SECONDS);
        } catch (IOException gone) {
            // it ends below in any case
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        Log.end(process);
    }
}
