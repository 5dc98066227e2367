package dev.nearhand.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// An X server of a test: in memory, on a free display number of its own choice, stopped by its own process handle.
///
/// Programs started by [#start] belong to it and end before it does. Skips the test where there is no Xvfb.
public final class Xvfb implements AutoCloseable {
    private final Process server;
    private final String display;
    private final List<Process> programs = new ArrayList<>();
    private final Set<String> modes = new HashSet<>();

    private Xvfb(Process server, String display) {
        this.server = server;
        this.display = display;
    }

    public static Xvfb start(int width, int height) {
        return start(width, height, 24);
    }

    /// @param depth bits of colour: 24, or 16 and 30 for servers that cannot be captured
    /// @param more further arguments of the server, such as `-extension MIT-SHM` to switch one off
    public static Xvfb start(int width, int height, int depth, String... more) {
        List<String> command = new ArrayList<>(List.of(
                Requires.tool("Xvfb", "xvfb").toString(),
                "-displayfd",
                "1",
                "-screen",
                "0",
                width + "x" + height + "x" + depth,
                "-nolisten",
                "tcp",
                "-noreset"));
        command.addAll(List.of(more));
        try {
            Process server = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            BufferedReader out = server.inputReader(StandardCharsets.US_ASCII);
            String number = out.readLine();
            if (number == null) {
                throw new IllegalStateException("Xvfb ended with " + server.waitFor());
            }
            return new Xvfb(server, ":" + number.strip());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /// Such as `:3`.
    public String display() {
        return display;
    }

    /// Starts a program on this display.
    public Process start(String... command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("DISPLAY", display);
        try {
            Process program = builder.start();
            programs.add(program);
            return program;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Runs a program on this display to its end, at most 30 s, and returns what it printed.
    public String run(String... command) {
        Process program = start(command);
        try {
            String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!program.waitFor(30, TimeUnit.SECONDS) || program.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed: " + output);
            }
            return output;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } finally {
            programs.remove(program);
            program.destroyForcibly();
        }
    }

    /// Changes the size of the screen by RandR, to one that fits into the first.
    public void resize(int width, int height) {
        String mode = "test-" + width + "x" + height;
        if (modes.add(mode)) {
            xrandr(List.of(
                    "--newmode",
                    mode,
                    "40",
                    "" + width,
                    "" + (width + 40),
                    "" + (width + 80),
                    "" + (width + 120),
                    "" + height,
                    "" + (height + 3),
                    "" + (height + 6),
                    "" + (height + 20)));
            xrandr(List.of("--addmode", "screen", mode));
        }
        xrandr(List.of("--output", "screen", "--mode", mode));
    }

    /// Runs xrandr on this display. The only output of Xvfb is called `screen`.
    public String xrandr(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Requires.tool("xrandr", "x11-xserver-utils").toString());
        command.addAll(arguments);
        return run(command.toArray(String[]::new));
    }

    /// Ends the server at once, as a crash would.
    public void kill() {
        server.destroyForcibly();
        await(server);
    }

    @Override
    public void close() {
        for (Process program : programs) {
            program.destroy();
        }
        programs.forEach(Xvfb::await);
        server.destroy();
        await(server);
    }

    private static void await(Process process) {
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
