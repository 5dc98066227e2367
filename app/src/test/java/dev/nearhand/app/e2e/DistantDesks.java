package dev.nearhand.app.e2e;

import dev.nearhand.testing.LineProcess;
import dev.nearhand.testing.Xvfb;
import dev.nearhand.testing.interop.Coturn;
import dev.nearhand.testing.net.Nat;
import dev.nearhand.testing.net.NetworkLab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Two desks that are far from each other: the viewer at host A of a [NetworkLab], the shared screen at host B, each
/// behind its NAT. In the internet between them are coturn and our rendezvous, both on ports that every firewall lets
/// through.
final class DistantDesks implements AutoCloseable {
    /// Long, because build machines are slow and shared; nothing waits for it when all is well.
    static final Duration PATIENCE = Duration.ofSeconds(180);

    /// What makes a program start sooner at the price of its top speed.
    private static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final int OPEN_PORT = 443;
    private static final String MEETING = NetworkLab.SERVERS.get(1);

    final NetworkLab lab = new NetworkLab();
    final LineProcess rendezvous;
    private final Coturn relay;
    private final String meeting = "ws://" + MEETING + ":" + OPEN_PORT;
    private final Deque<AutoCloseable> ends = new ArrayDeque<>();

    /// @param folder for logs; is made
    /// @param relayOptions more options of coturn
    DistantDesks(Path folder, String... relayOptions) {
        ends.push(lab);
        try {
            relay = Coturn.start(
                    Files.createDirectory(folder),
                    lab.internet(),
                    NetworkLab.SERVERS.getFirst(),
                    OPEN_PORT,
                    relayOptions);
            ends.push(relay);
            rendezvous = NearhandProcess.start(
                    lab.internet(),
                    "",
                    QUICK_START,
                    "rendezvous",
                    "--port",
                    String.valueOf(OPEN_PORT),
                    "--bind",
                    MEETING);
            ends.push(rendezvous);
            rendezvous.await("Rendezvous: port", PATIENCE);
        } catch (IOException failure) {
            close();
            throw new UncheckedIOException(failure);
        } catch (RuntimeException | AssertionError failure) {
            close();
            throw failure;
        }
    }

    void translate(Nat viewers, Nat hosts) {
        lab.uplinkA().translate(viewers);
        lab.uplinkB().translate(hosts);
    }

    /// Shares the screen of `display`.
    Shared share(Xvfb display, String... more) {
        List<String> options = new ArrayList<>(List.of("--port", "0", "--source", "x11", "--fps", "20"));
        options.addAll(List.of(more));
        NearhandProcess process = NearhandProcess.start(
                lab.hostB(), display.display(), QUICK_START, arguments("share", options, servers()));
        String code = process.await("\"rendezvousCode\":\"(\\d+)\"", PATIENCE).group(1);
        return new Shared(process, code);
    }

    record Shared(NearhandProcess process, String code) implements AutoCloseable {
        @Override
        public void close() {
            process.close();
        }
    }

    /// @param display empty for none
    NearhandProcess view(
            Shared shared, String display, List<String> servers, List<String> javaOptions, String... more) {
        List<String> options = new ArrayList<>(List.of(more));
        options.add(shared.code());
        return NearhandProcess.start(lab.hostA(), display, javaOptions, arguments("view", options, servers));
    }

    private String[] arguments(String command, List<String> options, List<String> servers) {
        List<String> all = new ArrayList<>(List.of(command, "--rendezvous", meeting, "--json"));
        for (String server : servers) {
            all.addAll(List.of("--ice-server", server));
        }
        all.addAll(List.of("--ice-user", Coturn.USERNAME));
        all.addAll(options);
        return all.toArray(String[]::new);
    }

    /// STUN and TURN over UDP.
    List<String> servers() {
        return List.of(relay.stunUrl(), relay.turn("udp").url());
    }

    /// Besides, TURN over TCP, and over TLS on port 443.
    List<String> allServers() {
        List<String> all = new ArrayList<>(servers());
        all.add(relay.turn("tcp").url());
        all.add(relay.turns(OPEN_PORT).url());
        return all;
    }

    @Override
    public void close() {
        for (AutoCloseable end : ends) {
            try {
                end.close();
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        }
    }
}
