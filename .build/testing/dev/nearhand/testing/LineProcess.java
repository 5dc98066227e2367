package dev.nearhand.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A program that is talked to in lines of text. Closing it ends it. One thread waits for its lines.
public class LineProcess implements AutoCloseable {
    /// Lines that nobody has waited for yet; the newest are dropped beyond.
    private static final int QUEUE_LIMIT = 10_000;
    /// How often it is looked whether the program is still there.
    private static final int LOOK_MILLIS = 500;

    private final Process process;
    private final Writer input;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>(QUEUE_LIMIT);
    private final List<String> seen = new ArrayList<>();

    /// Starts it; what it writes to its error output comes among its lines.
    public LineProcess(ProcessBuilder builder) {
        this(builder, _ -> false);
    }

    /// @param taken sees every line first, on the thread that reads it; nobody can wait for those it says true to
    public LineProcess(ProcessBuilder builder, Predicate<String> taken) {
        try {
            process = builder.redirectErrorStream(true).start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        input = process.outputWriter(StandardCharsets.UTF_8);
        // no virtual thread: what waits for a pipe keeps its carrier, and there are as few as processors
        Thread.ofPlatform().daemon().start(() -> {
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    if (!taken.test(line)) {
                        lines.offer(line);
                    }
                }
            } catch (IOException _) {
                lines.offer("(output ended)");
            }
        });
    }

    /// The beginning of a command that runs a class of this class path with the Java that runs this test.
    public static List<String> java(String... options) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-ea"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        return command;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// Gives it a line to read.
    public void say(String line) {
        try {
            input.write(line + "\n");
            input.flush();
        } catch (IOException gone) {
            throw new AssertionError("it reads no more; it said " + output(), gone);
        }
    }

    /// There is no more for it to read.
    public void endInput() {
        try {
            input.close();
        } catch (IOException gone) {
            throw new AssertionError("it reads no more; it said " + output(), gone);
        }
    }

    public int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + limit + "; it said " + output());
            }
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /// Waits for a line in which `pattern` is found; the lines before it are passed over.
    public Matcher await(String pattern, Duration limit) {
        Pattern wanted = Pattern.compile(pattern);
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            while (true) {
                boolean ended = !process.isAlive();
                String line = lines.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (line == null && !ended && System.nanoTime() < deadline) {
                    continue;
                }
                if (line == null) {
                    throw new AssertionError("no line with " + pattern
                            + (ended ? " before its end" : " within " + limit) + ", but " + output());
                }
                seen.add(line);
                Matcher found = wanted.matcher(line);
                if (found.find()) {
                    return found;
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /// What it has printed so far.
    public List<String> output() {
        lines.drainTo(seen);
        return List.copyOf(seen);
    }

    /// As `kill -9` does.
    public void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
