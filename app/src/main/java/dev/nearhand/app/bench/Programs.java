package dev.nearhand.app.bench;

import dev.nearhand.app.diagnostics.OwnCommand;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The processes that a run starts, each with its output in a file, all ended with it. One thread.
final class Programs implements AutoCloseable {
    private static final long END_SECONDS = 5;

    private final Path folder;
    private final List<Process> started = new ArrayList<>();

    /// @param folder for outputs, and the home folder of what is started
    Programs(Path folder) {
        this.folder = folder;
    }

    /// @param output the name of the file for what it prints
    Process start(List<String> command, Map<String, String> environment, String output) {
        ProcessBuilder builder = OwnCommand.builder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(folder.resolve(output).toFile());
        builder.environment().putAll(environment);
        builder.environment().put("HOME", folder.toString());
        try {
            Process process = builder.start();
            started.add(process);
            return process;
        } catch (IOException failure) {
            throw new BenchException(command.getFirst() + " does not start: " + failure.getMessage(), failure);
        }
    }

    /// What a program has printed so far.
    String output(String output) {
        try {
            return Files.readString(folder.resolve(output));
        } catch (IOException _) {
            return "";
        }
    }

    static Optional<String> onPath(String program) {
        for (String place : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path candidate = Path.of(place, program);
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate.toString());
            }
        }
        return Optional.empty();
    }

    /// Ends the last started first: programs before the X servers that they show themselves on.
    @Override
    public void close() {
        for (Process process : started.reversed()) {
            end(process);
        }
        started.clear();
    }

    private static void end(Process process) {
        List<ProcessHandle> family = process.descendants().toList();
        process.destroy();
        family.forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(END_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        family.forEach(ProcessHandle::destroyForcibly);
    }
}
