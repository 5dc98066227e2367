package dev.nearhand.transport.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.testing.interop.Coturn;
import dev.nearhand.testing.interop.ProxyProcess;
import dev.nearhand.testing.interop.TestCertificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two connections that may only meet at coturn, and reach that through somebody else's proxy only.
class ProxyTest {
    @TempDir
    private Path folder;

    private ProxyProcess start(String kind) {
        return kind.equals("http") ? ProxyProcess.http(folder) : ProxyProcess.socks5();
    }

    private static TcpProxy proxy(ProxyProcess running, String password) {
        return new TcpProxy(running.url(), ProxyProcess.USERNAME, password);
    }

    private static PeerConfig through(TcpProxy proxy, IceServer server) {
        return CoturnTest.relayOnly(server).withProxy(proxy);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "socks5"})
    void messagesTravelThroughTheProxyOverTcp(String kind) throws InterruptedException {
        try (ProxyProcess running = start(kind);
                Coturn server = Coturn.start(folder, "--verbose");
                ConnectedPair pair =
                        new ConnectedPair(through(proxy(running, ProxyProcess.PASSWORD), server.turn("tcp")))) {
            CoturnTest.exchange(pair.open("talk", DataChannelOptions.reliable()));
            assertThat(pair.offerer.stats().path()).isEqualTo("relay/relay udp4");
            // whom the server sees is not whom this connection is
            assertThat(running.log()).contains("127.0.0.1");

            if (kind.equals("http")) {
                TimeUnit.SECONDS.sleep(6); // from five seconds on a relay that goes is asked for once more
            }
            pair.offerer.close();
            pair.answerer.close();
            ConnectedPair.await(pair.offererClosed);
            ConnectedPair.await(pair.answererClosed);
            running.stop();
            TimeUnit.MILLISECONDS.sleep(300); // in which it would be asked once more
            assertThat(pair.offerer.stats().counter("proxy.failures"))
                    .as("nobody asks for a relay after the end")
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "socks5"})
    void messagesTravelThroughTheProxyOverTlsAndTheServersNameIsChecked(String kind) throws Exception {
        TestCertificate certificate = TestCertificate.create(folder);
        SSLContext before = SSLContext.getDefault();
        try (ProxyProcess running = start(kind);
                Coturn server = Coturn.start(folder, certificate.coturnOptions())) {
            TcpProxy proxy = proxy(running, ProxyProcess.PASSWORD);
            try (PeerConnection distrusting = PeerConnection.create(through(proxy, server.turns()))) {
                distrusting.createDataChannel("talk");
                assertThat(distrusting.createOffer().sdp()).doesNotContain("a=candidate:");
            }
            SSLContext.setDefault(certificate.trustingContext());
            try (ConnectedPair pair = new ConnectedPair(through(proxy, server.turns()))) {
                CoturnTest.exchange(pair.open("talk", DataChannelOptions.reliable()));
                assertThat(pair.offerer.stats().path()).isEqualTo("relay/relay udp4");
            }
        } finally {
            SSLContext.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "socks5"})
    void aWrongPasswordLeavesAConnectionWithoutCandidates(String kind) {
        try (ProxyProcess running = start(kind);
                Coturn server = Coturn.start(folder);
                PeerConnection connection =
                        PeerConnection.create(through(proxy(running, "a guess"), server.turn("tcp")))) {
            connection.createDataChannel("talk");
            assertThat(connection.createOffer().sdp()).doesNotContain("a=candidate:");
            assertThat(connection.stats().counter("turn.requests.sent")).isZero();
            assertThat(connection.stats().counter("proxy.failures")).isEqualTo(1);
        }
    }

    /// The network may have no names of the outside.
    @Test
    void theProxyIsToldTheNameOfTheServerAndItsRefusalHoldsNothingUp() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            CompletableFuture<String> asked = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> refuse(listening, asked));
            IceServer server = IceServer.turn("turns:turn.example.invalid:443", "user", "secret");
            TcpProxy proxy = TcpProxy.of("http://127.0.0.1:" + listening.getLocalPort());
            PeerConfig config = through(proxy, server).withIceTransportPolicy(IceTransportPolicy.ALL);
            try (PeerConnection connection = PeerConnection.create(config)) {
                connection.createDataChannel("talk");
                assertThat(connection.createOffer().sdp()).contains("typ host").doesNotContain("typ relay");
            }
            assertThat(ConnectedPair.await(asked)).isEqualTo("CONNECT turn.example.invalid:443 HTTP/1.1");
        }
    }

    private static void refuse(ServerSocket listening, CompletableFuture<String> asked) {
        try (Socket socket = listening.accept();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            String request = lines.readLine();
            while (!lines.readLine().isEmpty()) {
                // its headers
            }
            socket.getOutputStream()
                    .write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            asked.complete(request);
        } catch (IOException failure) {
            asked.completeExceptionally(failure);
        }
    }

    @Test
    void aProxyThatSaysNothingOrIsNotThereHoldsNothingUp() throws IOException {
        IceServer server = IceServer.turn("turn:192.0.2.1?transport=tcp", "user", "secret");
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            for (String url : new String[] {
                "http://127.0.0.1:" + silent.getLocalPort(),
                "socks5://127.0.0.1:" + silent.getLocalPort(),
                "http://127.0.0.1:1",
                "socks5://proxy.example.invalid:1080"
            }) {
                PeerConfig config = through(TcpProxy.of(url), server).withIceTransportPolicy(IceTransportPolicy.ALL);
                try (PeerConnection connection = PeerConnection.create(config)) {
                    connection.createDataChannel("talk");
                    assertThat(connection.createOffer().sdp()).as(url).contains("typ host");
                }
            }
        }
    }

    @Test
    void proxiesThatCannotBeRightAreRefusedWithASentence() {
        for (String wrong : new String[] {"proxy", "http://", "http://a b:1", "http://host", "http://me:pw@host:1"}) {
            assertThatThrownBy(() -> TcpProxy.of(wrong)).hasMessageContaining("has to look like");
        }
        assertThatThrownBy(() -> TcpProxy.of("ftp://host:21")).hasMessage("only http: and socks5: proxies are known");
        assertThatThrownBy(() -> TcpProxy.of("http://host:65536")).hasMessage("the port of a proxy is 1 to 65535");
        assertThatThrownBy(() -> new TcpProxy("http://host:1", "", "secret")).hasMessageContaining("user name");
        assertThat(new TcpProxy("http://proxy.example.org:3128", "me", "secret").toString())
                .doesNotContain("example", "me,", "secret");
    }
}
