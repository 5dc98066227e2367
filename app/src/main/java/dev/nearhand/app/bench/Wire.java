package dev.nearhand.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What connects host and viewer, and how many bytes went over it.
///
/// With the right to do so, each gets a network namespace of its own, joined by a veth pair: then every byte on the
/// pair is theirs, headers of IP and Ethernet included. Otherwise both use the loopback interface of the machine, and
/// what other programs send there in that time counts too; [#method()] says which it was.
final class Wire {
    private static final String HOST_ADDRESS = "10.77.0.1";
    private static final String VIEWER_ADDRESS = "10.77.0.2";
    private static final String FOREVER = "1000000";

    private final List<String> hostPrefix;
    private final List<String> viewerPrefix;
    private final String address;
    private final Path counters;
    private final String device;
    private final String method;

    private Wire(
            List<String> hostPrefix,
            List<String> viewerPrefix,
            String address,
            Path counters,
            String device,
            String method) {
        this.hostPrefix = hostPrefix;
        this.viewerPrefix = viewerPrefix;
        this.address = address;
        this.counters = counters;
        this.device = device;
        this.method = method;
    }

    /// @param programs keeps the two namespaces alive as long as it is open
    static Wire open(Programs programs) {
        try {
            return namespaces(programs);
        } catch (BenchException _) {
            return new Wire(
                    List.of(),
                    List.of(),
                    "127.0.0.1",
                    Path.of("/proc/self/net/dev"),
                    "lo",
                    "loopback interface of the machine, other programs included");
        }
    }

    private static Wire namespaces(Programs programs) {
        Process host = namespace(programs, "namespace-host.txt");
        Process viewer = namespace(programs, "namespace-viewer.txt");
        List<String> inHost = inside(host);
        List<String> inViewer = inside(viewer);
        String viewerPid = Long.toString(viewer.pid());
        run(programs, inHost, "ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", viewerPid);
        configure(programs, inHost, HOST_ADDRESS, VIEWER_ADDRESS);
        configure(programs, inViewer, VIEWER_ADDRESS, HOST_ADDRESS);
        return new Wire(
                inHost,
                inViewer,
                HOST_ADDRESS,
                Path.of("/proc", Long.toString(host.pid()), "net", "dev"),
                "eth0",
                "veth pair between two network namespaces, both directions, IP and Ethernet headers included");
    }

    private static Process namespace(Programs programs, String output) {
        String unshare = Programs.onPath("unshare").orElseThrow(() -> new BenchException("no unshare"));
        Process process = programs.start(List.of(unshare, "-n", "sleep", FOREVER), Map.of(), output);
        // unshare becomes sleep once the namespace exists
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        Path command = Path.of("/proc", Long.toString(process.pid()), "comm");
        while (System.nanoTime() - deadline < 0 && process.isAlive()) {
            try {
                if (Files.readString(command).strip().equals("sleep")) {
                    return process;
                }
                Thread.onSpinWait();
            } catch (IOException _) {
                break;
            }
        }
        throw new BenchException("no network namespace");
    }

    private static List<String> inside(Process process) {
        return List.of("nsenter", "-t", Long.toString(process.pid()), "-n");
    }

    private static void configure(Programs programs, List<String> inside, String own, String other) {
        run(programs, inside, "ip", "addr", "add", own + "/24", "dev", "eth0");
        run(programs, inside, "ip", "link", "set", "eth0", "up");
        run(programs, inside, "ip", "link", "set", "lo", "up");
        // WebRTC programs look for their own address by the default route
        run(programs, inside, "ip", "route", "add", "default", "via", other);
    }

    private static void run(Programs programs, List<String> inside, String... command) {
        List<String> whole = new ArrayList<>(inside);
        whole.addAll(List.of(command));
        try {
            Process process = programs.start(whole, Map.of(), "network.txt");
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new BenchException(String.join(" ", command) + " failed");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", interrupted);
        }
    }

    /// What to put before a command of the host.
    List<String> hostPrefix() {
        return hostPrefix;
    }

    List<String> viewerPrefix() {
        return viewerPrefix;
    }

    /// Where the viewer finds the host.
    String address() {
        return address;
    }

    String method() {
        return method;
    }

    /// Bytes so far, both directions.
    long bytes() {
        try {
            return bytes(Files.readAllLines(counters), device);
        } catch (IOException failure) {
            throw new BenchException("the counters of the network interface cannot be read", failure);
        }
    }

    /// @param lines of `/proc/net/dev`: after the name, received bytes are the first number and sent bytes the ninth
    static long bytes(List<String> lines, String device) {
        for (String line : lines) {
            String[] fields = line.strip().split("[:\\s]+");
            if (fields[0].equals(device)) {
                long received = Long.parseLong(fields[1]);
                long sent = Long.parseLong(fields[9]);
                // on lo every packet is both
                return device.equals("lo") ? sent : received + sent;
            }
        }
        throw new BenchException("there is no network interface " + device);
    }
}
