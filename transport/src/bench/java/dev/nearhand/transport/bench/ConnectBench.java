package dev.nearhand.transport.bench;

import dev.nearhand.transport.api.PeerConnection;
import java.io.BufferedReader;
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
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/// How long a data channel takes to open, for this stack and for others, on one machine in one run.
///
/// Each system is a process of its own that connects two ends inside it, one pair after the other, and prints a line
/// for each: milliseconds from the making of the two connections, and from `createOffer`, until the offerer's channel
/// is open. Each system runs twice, in turns with the others. A system whose tools are not there is left out and named.
///
/// There are two tables: one of the connections after the first hundred of each process, and one of those after 1,500
/// or after 40 seconds, whichever comes first, for every system alike.
///
/// Arguments: how many connections are measured in each turn (50), and the systems to leave out.
public final class ConnectBench {
    /// Connections before those of the first table: programs that have been at it for a while.
    private static final int EARLY = 100;

    /// Connections before those of the second table. Until about then the JDK's compiler is at work.
    private static final int LATE = 1_500;

    /// The second table does not wait longer for them: some systems take a second for one of a dozen.
    private static final int LATE_LIMIT_SECONDS = 40;

    private static final String HEAD = "| ms, createOffer to channel open | p50 | p95 | least |";
    private static final String RULE = "|---|---|---|---|---|---|";

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

    /// All connections of one process, in their order.
    ///
    /// @param late how many came before those of the second table
    private record Turn(List<Time> times, int late) {}

    /// @param first the connections of the first process
    private record Measured(String name, List<Turn> turns, List<Time> first) {
        List<Time> part(ToIntFunction<Turn> from, int count) {
            return turns.stream()
                    .flatMap(turn -> turn.times.subList(from.applyAsInt(turn), from.applyAsInt(turn) + count).stream())
                    .toList();
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
        List<Measured> all = new ArrayList<>();
        for (int turn = 0; turn < TURNS; turn++) {
            for (int i = 0; i < systems.size(); i++) {
                Turn next = turn(systems.get(i), count);
                if (turn == 0) {
                    all.add(new Measured(systems.get(i).name, new ArrayList<>(), next.times));
                }
                all.get(i).turns.add(next);
            }
        }
        IO.println("\n%s, %d connections of each in each table, %d processors, load %.1f"
                .formatted(
                        LocalDate.now(),
                        TURNS * count,
                        Runtime.getRuntime().availableProcessors(),
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                                .getSystemLoadAverage()));
        printEarly(all, count);
        printLate(all, count);
    }

    private static void printEarly(List<Measured> all, int count) {
        IO.println(
                "\nAfter %d connections:%n%n%s p50 with making the connections | first of the process | tenth |%n%s---|"
                        .formatted(EARLY, HEAD, RULE));
        for (Measured one : all) {
            IO.println(row(one.name, one.part(_ -> EARLY, count))
                    + " %.1f | %.1f |".formatted(one.first.getFirst().offered, one.first.get(9).offered));
        }
    }

    private static void printLate(List<Measured> all, int count) {
        IO.println(
                "\nAfter %,d connections, or after %d s of them:%n%n%s p50 with making the connections | connections before |%n%s"
                        .formatted(LATE, LATE_LIMIT_SECONDS, HEAD, RULE));
        for (Measured one : all) {
            IO.println(row(one.name, one.part(Turn::late, count))
                    + one.turns.stream()
                            .map(turn -> " %,d".formatted(turn.late))
                            .collect(Collectors.joining(",", "", " |")));
        }
    }

    private static String row(String name, List<Time> times) {
        double[] offered = sorted(times.stream().mapToDouble(Time::offered).toArray());
        double[] created = sorted(times.stream().mapToDouble(Time::created).toArray());
        return "| %s | %.1f | %.1f | %.1f | %.1f |"
                .formatted(name, percentile(offered, 50), percentile(offered, 95), offered[0], percentile(created, 50));
    }

    /// As many connections as are wanted. A process that breaks off, as one of these does now and then, is started
    /// again, and goes on where it was.
    private static Turn turn(Contestant system, int count) throws IOException, InterruptedException {
        List<Time> times = new ArrayList<>();
        int late = 0;
        long endOfWarmUp = 0;
        for (int starts = 1; late == 0 || times.size() < late + count; starts++) {
            if (starts > MOST_STARTS) {
                throw new IllegalStateException(system.name + " broke off " + MOST_STARTS + " times");
            }
            if (starts > 1) {
                IO.println(system.name + " broke off after " + times.size() + " connections and is started again");
            }
            Process process = start(system, LATE + count - times.size());
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine();
                        line != null && (late == 0 || times.size() < late + count);
                        line = lines.readLine()) {
                    if (!line.matches("[0-9.]+ [0-9.]+")) {
                        continue;
                    }
                    times.add(Time.parse(line));
                    if (times.size() == 1) {
                        endOfWarmUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(LATE_LIMIT_SECONDS);
                    }
                    boolean isWarm = times.size() >= LATE || System.nanoTime() >= endOfWarmUp;
                    if (late == 0 && times.size() >= EARLY + count && isWarm) {
                        late = times.size();
                    }
                }
            } finally {
                process.destroyForcibly().waitFor(); // it would go on to the full number
            }
        }
        return new Turn(times, late);
    }

    private static Process start(Contestant system, int count) throws IOException {
        List<String> command = new ArrayList<>(system.command);
        command.add(Integer.toString(count));
        return new ProcessBuilder(command)
                .directory(system.folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
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
