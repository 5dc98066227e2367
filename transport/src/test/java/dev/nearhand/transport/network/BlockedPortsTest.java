package dev.nearhand.transport.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.interop.ProxyProcess;
import dev.nearhand.testing.interop.TestCertificate;
import dev.nearhand.testing.net.Nat;
import dev.nearhand.testing.net.NetworkLab;
import dev.nearhand.testing.net.Uplink.Blocked;
import dev.nearhand.transport.api.IceServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Firewalls that let little out of one side's network, and a symmetric NAT on the other side.
class BlockedPortsTest {
    private static final int PROXY_PORT = 3_128;

    @TempDir
    private Path folder;

    @Test
    void withoutUdpTheRelayIsReachedOverTcp() {
        try (LabPair pair = new LabPair(folder.resolve("lab"), Nat.CONE, Nat.SYMMETRIC)) {
            pair.lab.uplinkA().block(Blocked.UDP);
            pair.start(with(pair.servers(), pair.turnOverTcp()), pair.servers());
            connectsThroughTheRelay(pair);
        }
    }

    @Test
    void whereOnlyTcpPort443IsOpenTheRelayIsReachedOverTls() throws Exception {
        TestCertificate certificate = TestCertificate.create(folder, NetworkLab.SERVERS.getFirst());
        try (LabPair pair = new LabPair(folder.resolve("lab"), Nat.CONE, Nat.SYMMETRIC, certificate.coturnOptions())) {
            pair.lab.uplinkA().block(Blocked.ALL_BUT_TCP_443);
            pair.start(
                    with(pair.servers(), pair.turnOverTcp(), pair.turnOverTls()),
                    pair.servers(),
                    certificate.trustingOptions(folder.resolve("trusted.p12")));
            connectsThroughTheRelay(pair);
        }
    }

    @Test
    void withoutUdpAndWithoutServersTheListeningSideIsReachedOverTcp() {
        try (LabPair pair = new LabPair(folder.resolve("lab"), Nat.SYMMETRIC, Nat.PORT_RESTRICTED)) {
            pair.lab.uplinkA().block(Blocked.UDP);
            pair.lab.uplinkB().block(Blocked.UDP);
            pair.lab.uplinkB().admitTcpFrom(pair.lab.uplinkA());
            pair.start(List.of(), List.of(), NetworkPeer.ACCEPTING_TCP);
            long millis = pair.connect();
            pair.check();
            String path = LabPair.path(pair.left());
            System.out.println("open after " + millis + " ms, " + path);
            assertThat(path).isEqualTo("host/host tcp4");
        }
    }

    /// Neither side reaches anything else, and both proxies want a password.
    @ParameterizedTest
    @ValueSource(strings = {"http", "socks5"})
    void whereOnlyAProxyCanBeReachedTheRelayIsReachedThroughIt(String kind) throws Exception {
        TestCertificate certificate = TestCertificate.create(folder, NetworkLab.SERVERS.getFirst());
        String proxyAddress = NetworkLab.SERVERS.getLast();
        try (LabPair pair = new LabPair(folder.resolve("lab"), Nat.CONE, Nat.SYMMETRIC, certificate.coturnOptions());
                ProxyProcess proxy = ProxyProcess.start(kind, folder, pair.lab.internet(), proxyAddress, PROXY_PORT)) {
            pair.lab.uplinkA().blockAllBut(proxyAddress, PROXY_PORT);
            pair.lab.uplinkB().blockAllBut(proxyAddress, PROXY_PORT);
            List<String> options = new ArrayList<>(List.of(certificate.trustingOptions(folder.resolve("trusted.p12"))));
            options.add("-D" + NetworkPeer.PROXY + "=" + proxy.url());
            List<IceServer> servers = with(pair.servers(), pair.turnOverTls());
            pair.start(servers, servers, options.toArray(String[]::new));
            connectsThroughTheRelay(pair);
        }
    }

    private static void connectsThroughTheRelay(LabPair pair) {
        long millis = pair.connect();
        pair.check();
        String path = LabPair.path(pair.left());
        System.out.println("open after " + millis + " ms, " + path);
        assertThat(path).startsWith("relay/");
    }

    private static List<IceServer> with(List<IceServer> some, IceServer... more) {
        List<IceServer> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return all;
    }
}
