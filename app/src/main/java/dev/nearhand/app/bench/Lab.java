package dev.nearhand.app.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Two X servers and the wire between them, for one system under test. One thread.
final class Lab implements AutoCloseable {
    /// The viewer's display is larger than the host's by this, so that nobody has to scale or scroll.
    private static final int MARGIN = 160;

    private final Programs programs;
    private final Wire wire;
    private final Process hostServer;
    private final Process viewerServer;
    private final String hostDisplay;
    private final String viewerDisplay;
    private final List<Process> hostSide = new ArrayList<>();
    private final List<Process> viewerSide = new ArrayList<>();

    Lab(Path folder, int width, int height) {
        programs = new Programs(folder);
        try {
            hostServer = server(width, height, "xvfb-host.txt");
            viewerServer = server(width + MARGIN, height + MARGIN, "xvfb-viewer.txt");
            hostDisplay = display("xvfb-host.txt");
            viewerDisplay = display("xvfb-viewer.txt");
            wire = Wire.open(programs);
        } catch (RuntimeException failure) {
            programs.close();
            throw failure;
        }
    }

    private Process server(int width, int height, String output) {
        String xvfb = Programs.onPath("Xvfb")
                .orElseThrow(() -> new BenchException("Xvfb is missing; install the package xvfb"));
        return programs.start(
                List.of(
                        xvfb,
                        "-displayfd",
                        "1",
                        "-screen",
                        "0",
                        width + "x" + height + "x24",
                        "-nolisten",
                        "tcp",
                        "-noreset"),
                Map.of(),
                output);
    }

    private String display(String output) {
        String number = awaitOutput(output, "(?m)^(\\d+)$", 20);
        return ":" + number;
    }

    /// Waits until a program has printed what the pattern finds, and answers its first group.
    String awaitOutput(String output, String pattern, int seconds) {
        Pattern compiled = Pattern.compile(pattern);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() - deadline < 0) {
            Matcher matcher = compiled.matcher(programs.output(output));
            if (matcher.find()) {
                return matcher.group(1);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        throw new BenchException("a program did not say what was waited for; it said: "
                + programs.output(output).strip());
    }

    /// Starts a part of the system under test beside the host's display.
    Process startHost(String output, List<String> command) {
        Process process = start(wire.hostPrefix(), hostDisplay, output, command);
        hostSide.add(process);
        return process;
    }

    Process startViewer(String output, List<String> command) {
        Process process = start(wire.viewerPrefix(), viewerDisplay, output, command);
        viewerSide.add(process);
        return process;
    }

    private Process start(List<String> prefix, String display, String output, List<String> command) {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return programs.start(whole, Map.of("DISPLAY", display), output);
    }

    Programs programs() {
        return programs;
    }

    Wire wire() {
        return wire;
    }

    String hostDisplay() {
        return hostDisplay;
    }

    String viewerDisplay() {
        return viewerDisplay;
    }

    double hostCpuSeconds() {
        return hostSide.stream().mapToDouble(CpuTime::seconds).sum();
    }

    double viewerCpuSeconds() {
        return viewerSide.stream().mapToDouble(CpuTime::seconds).sum();
    }

    double serverCpuSeconds() {
        return CpuTime.seconds(hostServer) + CpuTime.seconds(viewerServer);
    }

    @Override
    public void close() {
        programs.close();
    }
}
