package dev.nearhand.transport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.Requires;
import dev.nearhand.testing.interop.ForeignPeer;
import dev.nearhand.testing.interop.OutwardInterface;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.SharedPort;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Other programs, several at a time, on one port of ours.
class InteropSharedPortTest {
    @TempDir
    static Path folder;

    private static InetAddress outward() throws Exception {
        InetAddress found = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst()
                .orElse(null);
        Requires.check(found != null, "an IPv4 address besides the loopback's");
        return found == null ? InetAddress.getLoopbackAddress() : found;
    }

    @Test
    void twoOfPionAndOneOfAiortcEchoAtTheSameTime() throws Exception {
        Path first = Files.createDirectory(folder.resolve("first"));
        Path second = Files.createDirectory(folder.resolve("second"));
        try (OutwardInterface _ = new OutwardInterface();
                SharedPort port = SharedPort.open(new InetSocketAddress(outward(), 0));
                ForeignPeer pion = ForeignPrograms.pion(first);
                ForeignPeer otherPion = ForeignPrograms.pion(second);
                ForeignPeer aiortc = ForeignPrograms.aiortc(folder);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            PeerConfig config = PeerConfig.defaults().withSharedPort(port);
            List<Callable<String>> exchanges = List.of(
                    () -> {
                        EchoExchange.offering(pion, config);
                        return "pion answers";
                    },
                    () -> {
                        EchoExchange.answering(otherPion, config);
                        return "pion offers";
                    },
                    () -> {
                        EchoExchange.offering(aiortc, config);
                        return "aiortc answers";
                    });
            for (Future<String> exchange : threads.invokeAll(exchanges)) {
                assertThat(exchange.get()).isNotEmpty();
            }
            assertThat(port.stats().packetsReceived()).isPositive();
        }
    }
}
