package dev.nearhand.transport.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.LineProcess;
import dev.nearhand.testing.interop.Coturn;
import dev.nearhand.testing.net.LocalLinkLab;
import dev.nearhand.testing.net.Namespace;
import dev.nearhand.testing.net.Nat;
import dev.nearhand.testing.net.NetworkLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A program that was told of no server finds one, in networks of its own.
class TurnDiscoveryTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ANYCAST = "192.0.0.10";
    private static final int TLS_PORT = 5_349;

    @TempDir
    private Path folder;

    private static LineProcess run(Namespace where, String... args) {
        List<String> command = LineProcess.java("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        command.add(DiscoveryProgram.class.getName());
        command.addAll(List.of(args));
        return new LineProcess(new ProcessBuilder(where.command(command)));
    }

    @Test
    void aServerThatAnnouncesItselfOnTheLinkIsFoundThereByMulticastDns() {
        try (LocalLinkLab lab = new LocalLinkLab();
                LineProcess server = run(lab.left(), "serve", LocalLinkLab.LEFT_ADDRESS)) {
            server.await("serving", LIMIT);
            try (LineProcess client = run(lab.right(), "look")) {
                String candidate = client.await("found .* typ relay .*", LIMIT).group();
                assertThat(candidate).contains(" " + LocalLinkLab.LEFT_ADDRESS + " ");
            }
        }
    }

    @Test
    void theAnycastAddressLeadsToAServer() throws IOException {
        Path first = Files.createDirectory(folder.resolve("anycast"));
        Path second = Files.createDirectory(folder.resolve("server"));
        try (NetworkLab lab = new NetworkLab(Nat.PORT_RESTRICTED, Nat.PORT_RESTRICTED)) {
            lab.addServer(ANYCAST);
            String address = NetworkLab.SERVERS.get(1);
            try (Coturn _ = Coturn.start(
                            first, lab.internet(), ANYCAST, TLS_PORT, "--alternate-server=" + address + ":3478");
                    Coturn _ = Coturn.start(second, lab.internet(), address, TLS_PORT);
                    LineProcess client = run(lab.hostA(), "look")) {
                String candidate = client.await("found .* typ relay .*", LIMIT).group();
                assertThat(candidate).contains(" " + address + " ");
            }
        }
    }
}
