package dev.nearhand.testing.net;

import dev.nearhand.testing.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One network namespace: a machine of its own as far as addresses, routes and sockets go.
///
/// Its name begins with `nearhand-` and the process id of the test. Closing it ends every process in it; what a killed
/// test has left is removed by the next one.
public final class Namespace implements AutoCloseable {
    private static final Pattern OURS = Pattern.compile("nearhand-(\\d+)-.*");
    private static final Path ALL = Path.of("/run/netns");
    private static final int COMMAND_LIMIT_SECONDS = 20;
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Set<Namespace> OPEN = ConcurrentHashMap.newKeySet();

    static {
        removeLeftovers();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> OPEN.forEach(Namespace::close)));
    }

    private final String name;

    private Namespace(String name) {
        this.name = name;
    }

    /// Makes one with its loopback interface up; skips the test where that is not possible.
    ///
    /// @param purpose a word for its name
    public static Namespace create(String purpose) {
        Requires.tool("ip", "iproute2");
        Requires.tool("nft", "nftables");
        Namespace made = new Namespace(
                "nearhand-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet() + "-" + purpose);
        Requires.check(
                outcome(List.of("ip", "netns", "add", made.name), "").exitCode == 0,
                "the right to make network namespaces (root)");
        OPEN.add(made);
        made.ip("link set lo up");
        made.shell("echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6 || true");
        return made;
    }

    public String name() {
        return name;
    }

    /// A command line that runs a program in here.
    public List<String> command(List<String> program) {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", name));
        command.addAll(program);
        return command;
    }

    /// Runs `ip` about this namespace.
    void ip(String arguments) {
        run(List.of(("ip -n " + name + " " + arguments).split(" ")), "");
    }

    /// Runs `ip` or `nft` about the namespace of this process.
    ///
    /// @return whether it had nothing to object to
    static boolean runsHere(String command) {
        return outcome(List.of(command.split(" ")), "").exitCode == 0;
    }

    /// The same where an objection is an error.
    ///
    /// @return what it prints
    static String here(String command) {
        return run(List.of(command.split(" ")), "");
    }

    /// Applies rules of nftables.
    void nft(String rules) {
        run(command(List.of("nft", "-f", "-")), rules);
    }

    void shell(String script) {
        run(command(List.of("sh", "-c", script)), "");
    }

    /// What a short program in here prints.
    String answer(List<String> program) {
        return run(command(program), "");
    }

    private static String run(List<String> command, String input) {
        Outcome outcome = outcome(command, input);
        if (outcome.exitCode != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + outcome.output + "\n" + input);
        }
        return outcome.output;
    }

    private record Outcome(int exitCode, String output) {}

    private static Outcome outcome(List<String> command, String input) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (Writer in = process.outputWriter(StandardCharsets.UTF_8)) {
                in.write(input);
            } catch (IOException unread) {
                // its exit code tells
            }
            if (!process.waitFor(COMMAND_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Outcome(-1, "no end");
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.exitValue(), said);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stop);
        }
    }

    @Override
    public void close() {
        if (OPEN.remove(this)) {
            remove(name);
        }
    }

    private static void remove(String name) {
        for (long pid : processesIn(name)) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        outcome(List.of("ip", "netns", "delete", name), "");
    }

    private static List<Long> processesIn(String name) {
        try {
            Process listing = new ProcessBuilder("ip", "netns", "pids", name).start();
            return listing.inputReader(StandardCharsets.US_ASCII)
                    .lines()
                    .map(String::strip)
                    .map(Long::valueOf)
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Those of tests that were killed: their process is no more.
    private static void removeLeftovers() {
        if (!Files.isDirectory(ALL)) {
            return;
        }
        try (Stream<Path> files = Files.list(ALL)) {
            for (Path file : files.toList()) {
                Matcher name = OURS.matcher(file.getFileName().toString());
                if (name.matches()
                        && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                    remove(name.group());
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
