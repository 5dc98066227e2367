package dev.nearhand.app.cli;

import dev.nearhand.app.diagnostics.OwnCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// This program once more, as a process of its own. It ends with us however we end: its standard input closes then, and
/// a child that was started with `--until-stdin-closes` takes that as the end.
final class ChildProcess implements AutoCloseable {
    private static final long END_LIMIT_MILLIS = 5_000;
    /// Settings of this process that its children need too.
    private static final List<String> INHERITED =
            List.of("nearhand.", "glass.", "prism.", "javafx.", "java.awt.headless");

    private final Process process;
    private final Thread reader;

    private ChildProcess(Process process, Consumer<String> lines) {
        this.process = process;
        // no virtual thread: what waits for a pipe keeps its carrier, and there are as few as processors
        this.reader = Thread.ofPlatform().daemon().name("nearhand-child").start(() -> read(lines));
    }

    /// @param lines told every line of its standard output, on a thread of its own; its errors go to ours
    static ChildProcess start(List<String> arguments, Consumer<String> lines) {
        List<String> command = OwnCommand.begin(settings());
        command.addAll(arguments);
        try {
            Process process = OwnCommand.builder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new ChildProcess(process, lines);
        } catch (IOException failure) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "A second process of this program cannot be started: " + failure.getMessage() + ".");
        }
    }

    private static List<String> settings() {
        return System.getProperties().stringPropertyNames().stream()
                .filter(name -> INHERITED.stream().anyMatch(name::startsWith))
                .sorted()
                .map(name -> "-D" + name + "=" + System.getProperty(name))
                .toList();
    }

    private void read(Consumer<String> lines) {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), Charset.defaultCharset()))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.accept(line);
            }
        } catch (IOException _) {
            // the process is gone
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// Waits for the end of it and of its output, and answers its exit code.
    int await() throws InterruptedException {
        int code = process.waitFor();
        reader.join();
        return code;
    }

    /// Asks it to end, and ends it when it does not.
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(END_LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException _) {
            process.destroyForcibly();
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
