package dev.nearhand.testing.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Drains what a program writes about itself and keeps the first part of it.
public final class Log {
    private static final int LONGEST = 100_000;

    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<String> wanted = new CompletableFuture<>();

    public Log(BufferedReader lines) {
        this(lines, _ -> false);
    }

    /// @param isWanted picks the line that [#wantedLine] waits for
    public Log(BufferedReader lines, Predicate<String> isWanted) {
        // no virtual thread: what waits for a pipe keeps its carrier, and there are as few as processors
        Thread.ofPlatform().daemon().start(() -> {
            try (lines) {
                for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
                    keep(line);
                    if (isWanted.test(line)) {
                        wanted.complete(line);
                    }
                }
            } catch (IOException ended) {
                // with its process
            }
            wanted.completeExceptionally(new IllegalStateException("the program has ended:\n" + text()));
        });
    }

    private synchronized void keep(String line) {
        if (text.length() < LONGEST) {
            text.append(line).append('\n');
        }
    }

    public synchronized String text() {
        return text.toString();
    }

    public CompletableFuture<String> wantedLine() {
        return wanted;
    }

    /// Ends a process that we started, and those that it started.
    public static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
