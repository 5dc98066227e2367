package dev.nearhand.app.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.nearhand.testing.net.Namespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Two machines and what is between them: network namespaces, and a veth pair, or the link emulator link.c where there
/// is delay, loss or a rate (not every kernel has netem). Needs root; what is left behind by a killed run, the next one
/// removes.
final class BenchLink implements AutoCloseable {
    /// What a path does to packets, the same in both directions.
    ///
    /// @param rttMillis there and back
    /// @param lossPercent of the packets of each direction
    /// @param rateMbit 0 for as fast as this machine can
    /// @param queueMillis how long a packet waits at most before the rate, in time of the line
    record Line(double rttMillis, double lossPercent, double rateMbit, double queueMillis) {
        static final Line DIRECT = new Line(0, 0, 0, 0);

        boolean isDirect() {
            return equals(DIRECT);
        }
    }

    static final String ADDRESS_A = "10.78.0.1";
    static final String ADDRESS_B = "10.78.0.2";

    private static final int LIMIT_SECONDS = 20;
    private static final int QUIET_SECONDS = 20;
    private static final int QUIET_LOOK_MILLIS = 300;

    /// As much as there is beside transfers: 50 pings a second and what acknowledges them.
    private static final int QUIET_PACKETS = 60;

    private final Namespace a;
    private final Namespace b;
    private final @Nullable Process emulator;

    /// @param folder where the emulator is built, once
    /// @param seed of its losses
    BenchLink(Line path, Path folder, long seed) throws InterruptedException {
        a = Namespace.create("benchA");
        b = Namespace.create("benchB");
        try {
            if (path.isDirect()) {
                emulator = null;
                run(
                        "ip", "-n", a.name(), "link", "add", "net0", "type", "veth", "peer", "name", "net0", "netns",
                        b.name());
                configure(a, "net0", ADDRESS_A + "/24", ADDRESS_B);
                configure(b, "net0", ADDRESS_B + "/24", ADDRESS_A);
            } else {
                emulator = emulate(path, folder, seed);
                configure(a, "tun0", ADDRESS_A + "/24", ADDRESS_B);
                configure(b, "tun0", ADDRESS_B + "/24", ADDRESS_A);
            }
        } catch (RuntimeException failure) {
            a.close();
            b.close();
            throw failure;
        }
    }

    private static void configure(Namespace space, String device, String address, String other)
            throws InterruptedException {
        run("ip", "-n", space.name(), "addr", "add", address, "dev", device);
        if (device.startsWith("tun")) {
            run("ip", "-n", space.name(), "link", "set", device, "up", "mtu", "1500", "txqueuelen", "20000");
        } else {
            run("ip", "-n", space.name(), "link", "set", device, "up");
        }
        // WebRTC programs look for their own address by the default route
        run("ip", "-n", space.name(), "route", "add", "default", "via", other);
    }

    private Process emulate(Line path, Path folder, long seed) throws InterruptedException {
        Path program = folder.resolve("link");
        try {
            if (!Files.exists(program)) {
                Path source = folder.resolve("link.c");
                try (InputStream in = BenchLink.class.getResourceAsStream("/bench/link.c")) {
                    Files.write(source, Objects.requireNonNull(in).readAllBytes());
                }
                run("gcc", "-O2", "-o", program.toString(), source.toString());
            }
            long queueBytes = Math.round(path.rateMbit * 1e6 / 8 * path.queueMillis / 1e3);
            Process process = new ProcessBuilder(
                            program.toString(),
                            a.name(),
                            b.name(),
                            Long.toString(Math.round(path.rttMillis * 500)),
                            Long.toString(Math.round(path.lossPercent * 10_000)),
                            Long.toString(Math.round(path.rateMbit * 1_000)),
                            Long.toString(queueBytes),
                            Long.toString(seed))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (!"up".equals(process.inputReader().readLine())) {
                throw new BenchException("the link emulator does not start");
            }
            return process;
        } catch (IOException failure) {
            throw new BenchException("the link emulator cannot be made: " + failure.getMessage());
        }
    }

    /// What has happened on an emulated link since the last call (link.c says what); empty for another link.
    JsonNode counters() {
        Process process = emulator;
        if (process == null) {
            return MissingNode.getInstance();
        }
        try {
            Writer out = process.outputWriter();
            out.write("\n");
            out.flush();
            BufferedReader in = process.inputReader();
            return new ObjectMapper().readTree(in.readLine());
        } catch (IOException gone) {
            throw new BenchException("the link emulator has ended");
        }
    }

    /// Waits until hardly anything is on an emulated link; a while at most.
    void awaitQuiet() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(QUIET_SECONDS);
        int packets = emulator == null ? 0 : QUIET_PACKETS + 1;
        counters();
        while (packets > QUIET_PACKETS && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(QUIET_LOOK_MILLIS);
            packets = counters().path("ab").path("in").asInt();
        }
    }

    List<String> inA(List<String> program) {
        return a.command(program);
    }

    List<String> inB(List<String> program) {
        return b.command(program);
    }

    /// What a command that ends by itself prints.
    static String said(List<String> command) throws InterruptedException {
        return run(command.toArray(String[]::new));
    }

    static String run(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new BenchException(String.join(" ", command) + ": " + said.strip());
            }
            return said.strip();
        } catch (IOException missing) {
            throw new BenchException(command[0] + " is not there");
        }
    }

    @Override
    public void close() {
        if (emulator != null) {
            emulator.destroy();
        }
        a.close();
        b.close();
    }
}
