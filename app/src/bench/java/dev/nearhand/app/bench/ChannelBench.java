package dev.nearhand.app.bench;

import dev.nearhand.app.bench.PeerPrograms.Program;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Data channels of this stack beside those of others: rates, waits, connections, memory. Linux, as root (network
/// namespaces); gcc for links with delay, loss or a rate. A peer whose tools are not there is left out and named.
///
///     mvn -q -Pchannel-bench -pl transport,capture,app -am process-test-classes -Dbench="peers=nearhand"
///
/// Arguments, each `name=value`, lists with commas:
///
/// - `peers`: of `nearhand nearhand-image pion datachannel webrtc-java wrtc aiortc chromium firefox`; all unless given.
///   Each with itself. `nearhand-image` is the application image, once `mvn -DskipTests package` has made it
/// - `pairs`: instead of that `OFFERER:ANSWERER`, the offering one sends; `mixed`: ours to and from each of `peers`
/// - `cases`: the names in [ChannelCases]; all unless given (with `mixed`: `verify`)
/// - `runs` (3), of which the median is taken, after one that does not count; `seconds` (4) of each
/// - `out`: a file for the table, which is printed in any case
/// - `folder`: where peers are built and kept (a temporary one)
///
/// A quick look at ours alone, some ten seconds: `peers=nearhand cases=64k runs=1 seconds=1`. Without Maven, once the
/// test classes are there, `java -cp … dev.nearhand.app.bench.ChannelBench …` does; the property `bench.nearhand` is
/// then the command of a differently built `nearhand peer`.
public final class ChannelBench {
    private static final String MISSING = "–";

    private final Map<String, String> options = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> rows = new LinkedHashMap<>();
    private final List<String> columns = new ArrayList<>();

    private ChannelBench(String[] arguments) {
        for (String argument : String.join(" ", arguments).strip().split("\\s+")) {
            int at = argument.indexOf('=');
            if (at > 0) {
                options.put(argument.substring(0, at), argument.substring(at + 1));
            }
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try {
            new ChannelBench(arguments).run();
        } catch (BenchException failure) {
            System.err.println(failure.getMessage());
            System.exit(1);
        }
        System.exit(0);
    }

    private List<String> list(String name, List<String> all) {
        String value = options.getOrDefault(name, "");
        return value.isEmpty() ? all : List.of(value.split(","));
    }

    private int number(String name, int fallback) {
        return Integer.parseInt(options.getOrDefault(name, Integer.toString(fallback)));
    }

    private void run() throws IOException, InterruptedException {
        String kept = options.getOrDefault("folder", "");
        Path folder = kept.isEmpty()
                ? Files.createTempDirectory("nearhand-channel-bench")
                : Files.createDirectories(Path.of(kept)).toAbsolutePath();
        PeerPrograms programs = new PeerPrograms(folder);
        ChannelCases cases =
                new ChannelCases(folder, number("runs", 3), Double.parseDouble(options.getOrDefault("seconds", "4")));
        boolean isMixed = options.getOrDefault("pairs", "").equals("mixed");
        List<String> names = list("cases", isMixed ? List.of("verify") : cases.names());
        Map<String, Program> made = new LinkedHashMap<>();
        List<String> pairs = pairs(programs.names(), isMixed);
        for (String pair : pairs) {
            for (String peer : pair.split(":")) {
                if (!made.containsKey(peer)) {
                    make(programs, peer, made);
                }
            }
        }
        // one case after the other, so that the same minute is compared
        for (String name : names) {
            for (String pair : pairs) {
                String[] ends = pair.split(":");
                Program first = made.get(ends[0]);
                Program second = made.get(ends[ends.length - 1]);
                if (first != null && second != null) {
                    measure(cases, name, first, second);
                }
            }
        }
        String table = table();
        IO.println(table);
        if (options.containsKey("out")) {
            Files.writeString(Path.of(options.get("out")), table);
        }
    }

    private List<String> pairs(List<String> known, boolean isMixed) {
        List<String> peers = list("peers", known);
        if (!isMixed) {
            return list("pairs", peers);
        }
        List<String> pairs = new ArrayList<>(List.of("nearhand:nearhand"));
        for (String peer : peers) {
            if (!peer.equals("nearhand")) {
                pairs.addAll(List.of("nearhand:" + peer, peer + ":nearhand", peer + ":" + peer));
            }
        }
        return pairs;
    }

    private static void make(PeerPrograms programs, String peer, Map<String, Program> made)
            throws InterruptedException {
        try {
            made.put(peer, programs.make(peer));
        } catch (BenchException missing) {
            System.err.println(peer + " is left out: " + missing.getMessage());
        }
    }

    private void measure(ChannelCases cases, String name, Program first, Program second) throws InterruptedException {
        String column = first.name().equals(second.name()) ? first.name() : first.name() + " → " + second.name();
        if (!columns.contains(column)) {
            columns.add(column);
        }
        System.err.printf("%s %s, %s%n", LocalTime.now().truncatedTo(ChronoUnit.SECONDS), column, name);
        try {
            cases.run(name, first, second).forEach((row, value) -> {
                System.err.printf("  %s: %s%n", row, value);
                rows.computeIfAbsent(row, _ -> new LinkedHashMap<>()).put(column, value);
            });
        } catch (BenchException failure) {
            System.err.println("  " + failure.getMessage());
        }
    }

    private String table() {
        StringBuilder text = new StringBuilder("%s, %d processors, load %.1f at the end%n%n"
                .formatted(
                        LocalDate.now(),
                        Runtime.getRuntime().availableProcessors(),
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
        text.append("| | ").append(String.join(" | ", columns)).append(" |\n");
        text.append("|---".repeat(columns.size() + 1)).append("|\n");
        rows.forEach((row, cells) -> {
            text.append("| ").append(row).append(" |");
            for (String column : columns) {
                text.append(' ').append(cells.getOrDefault(column, MISSING)).append(" |");
            }
            text.append('\n');
        });
        return text.toString();
    }
}
