package dev.nearhand.transport.bench;

import dev.nearhand.transport.api.PeerConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// How long a data channel takes to open, for this stack and for others, on one machine in one run.
///
/// Each system is a process of its own that connects two ends inside it, one pair after the other, and prints a line
/// for each: milliseconds from the making of the two connections, and from `createOffer`, until the offerer's channel
/// is open. Each system runs twice, in turns with the others. A system whose tools are not there is left out and named.
///
/// Arguments: how many connections are measured in each turn (50), and the systems to leave out.
public final class ConnectBench {
    /// Connections before the ones that count as warm.
    private static final int WARM_UP = 100;

    private static final int TURNS = 2;
    private static final int MOST_STARTS = 20;
    private static final Path GO_LIBRARY = Path.of("/usr/share/gocode");

    private record Contestant(String name, List<String> command, Path folder) {}

    /// Milliseconds of one connection.
    private record Time(double created, double offered) {
        static Time parse(String line) {
            String[] words = line.split(" ");
            return new Time(Double.parseDouble(words[0]), Double.parseDouble(words[1]));
        }
    }

    private ConnectBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50;
        List<String> leftOut = Arrays.asList(arguments).subList(Math.min(1, arguments.length), arguments.length);
        Path folder = Files.createTempDirectory("nearhand-connect-bench");
        try {
            List<Contestant> systems = new ArrayList<>();
            systems.add(java("Nearhand", OurConnects.class));
            systems.add(java("webrtc-java 0.14.0", WebrtcJavaConnects.class));
            add(systems, "pion", () -> pion(folder));
            add(systems, "node-datachannel", () -> nodeDatachannel(folder));
            systems.removeIf(system -> leftOut.stream().anyMatch(name -> system.name.startsWith(name)));
            run(systems, count);
        } finally {
            delete(folder);
        }
    }

    private interface Maker {
        Contestant make() throws IOException, InterruptedException;
    }

    private static void add(List<Contestant> systems, String name, Maker maker) throws InterruptedException {
        try {
            systems.add(maker.make());
        } catch (IOException | IllegalStateException missing) {
            IO.println(name + " is left out: " + missing.getMessage());
        }
    }

    private static Contestant java(String name, Class<?> program) {
        return new Contestant(
                name,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName()),
                Path.of("").toAbsolutePath());
    }

    private static Contestant pion(Path folder) throws IOException, InterruptedException {
        if (!Files.isDirectory(GO_LIBRARY.resolve("src/github.com/pion/webrtc"))) {
            throw new IllegalStateException("no pion (Debian package golang-github-pion-webrtc.v3-dev)");
        }
        Path program = Files.createDirectories(folder.resolve("src/connects"));
        copy("bench/pion/main.go", program.resolve("main.go"));
        // without a go.mod beside it, Go does not take the /v3 out of import paths in this mode
        Files.writeString(program.resolve("go.mod"), "module connects\n\ngo 1.19\n");
        build(
                program,
                Map.of(
                        "GO111MODULE",
                        "off",
                        "GOFLAGS",
                        "",
                        "GOPATH",
                        folder + ":" + GO_LIBRARY,
                        "GOCACHE",
                        folder.resolve("cache").toString()),
                "go",
                "build",
                "-o",
                "connects",
                ".");
        return new Contestant(
                "pion 3.1 (Go)", List.of(program.resolve("connects").toString()), program);
    }

    private static Contestant nodeDatachannel(Path folder) throws IOException, InterruptedException {
        Path program = Files.createDirectories(folder.resolve("node"));
        Files.writeString(program.resolve("package.json"), "{\"private\": true}\n");
        build(program, Map.of(), "npm", "install", "--no-audit", "--no-fund", "node-datachannel@0.33.4");
        copy("bench/connects.mjs", program.resolve("connects.mjs"));
        return new Contestant("node-datachannel 0.33.4", List.of("node", "connects.mjs"), program);
    }

    private static void build(Path folder, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + output.strip());
        }
    }

    private static void run(List<Contestant> systems, int count) throws IOException, InterruptedException {
        List<List<Time>> warm = new ArrayList<>();
        List<Time> first = new ArrayList<>();
        List<Time> tenth = new ArrayList<>();
        for (int turn = 0; turn < TURNS; turn++) {
            for (int i = 0; i < systems.size(); i++) {
                List<Time> times = times(systems.get(i), WARM_UP + count);
                if (turn == 0) {
                    warm.add(new ArrayList<>());
                    first.add(times.getFirst());
                    tenth.add(times.get(9));
                }
                warm.get(i).addAll(times.subList(WARM_UP, times.size()));
            }
        }
        IO.println("\n%s, %d connections of each, %d processors, load %.1f%n"
                .formatted(
                        LocalDate.now(),
                        TURNS * count,
                        Runtime.getRuntime().availableProcessors(),
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                                .getSystemLoadAverage()));
        IO.println("| ms, createOffer to channel open | p50 | p95 | least | p50 with making the connections "
                + "| first of the process | tenth |");
        IO.println("|---|---|---|---|---|---|---|");
        for (int i = 0; i < systems.size(); i++) {
            double[] offered =
                    sorted(warm.get(i).stream().mapToDouble(Time::offered).toArray());
            double[] created =
                    sorted(warm.get(i).stream().mapToDouble(Time::created).toArray());
            IO.println("| %s | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f |"
                    .formatted(
                            systems.get(i).name,
                            percentile(offered, 50),
                            percentile(offered, 95),
                            offered[0],
                            percentile(created, 50),
                            first.get(i).offered,
                            tenth.get(i).offered));
        }
    }

    /// As many times as are wanted. A process that breaks off, as one of these does now and then, is started again.
    private static List<Time> times(Contestant system, int count) throws IOException, InterruptedException {
        List<Time> times = new ArrayList<>();
        for (int starts = 1; times.size() < count; starts++) {
            if (starts > MOST_STARTS) {
                throw new IllegalStateException(system.name + " broke off " + MOST_STARTS + " times");
            }
            if (starts > 1) {
                IO.println(system.name + " broke off after " + times.size() + " connections and is started again");
            }
            run(system, count - times.size(), times);
        }
        return times;
    }

    private static void run(Contestant system, int count, List<Time> times) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(system.command);
        command.add(Integer.toString(count));
        Process process = new ProcessBuilder(command)
                .directory(system.folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().filter(line -> line.matches("[0-9.]+ [0-9.]+")).forEach(line -> times.add(Time.parse(line)));
        }
        process.waitFor();
    }

    private static double[] sorted(double[] values) {
        Arrays.sort(values);
        return values;
    }

    private static double percentile(double[] sorted, double percent) {
        return sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * percent / 100))];
    }

    private static void copy(String resource, Path to) throws IOException {
        try (InputStream in = PeerConnection.class.getClassLoader().getResourceAsStream(resource)) {
            Files.write(to, Objects.requireNonNull(in, resource).readAllBytes());
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            all.sorted((one, two) -> two.compareTo(one)).forEach(path -> {
                try {
                    path.toFile().setWritable(true);
                    Files.deleteIfExists(path);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
        }
    }
}
