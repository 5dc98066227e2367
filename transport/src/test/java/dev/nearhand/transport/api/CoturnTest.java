package dev.nearhand.transport.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.testing.Requires;
import dev.nearhand.testing.interop.Coturn;
import dev.nearhand.testing.interop.TestCertificate;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two connections that may only meet through coturn.
class CoturnTest {
    private static final int MESSAGES = 200;

    @TempDir
    private Path folder;

    static PeerConfig relayOnly(IceServer... servers) {
        return PeerConfig.defaults()
                .withBindAddresses(List.of(InetAddress.getLoopbackAddress()))
                .withIceServers(List.of(servers))
                .withIceTransportPolicy(IceTransportPolicy.RELAY);
    }

    /// Sends messages of up to 20 kB one way and has them echoed.
    static void exchange(ConnectedPair.Ends ends) throws InterruptedException {
        List<String> echoed = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch all = new CountDownLatch(MESSAGES);
        ends.answerers().onMessage(message -> ends.answerers().send(message.text()));
        ends.offerers().onMessage(message -> {
            echoed.add(message.text());
            all.countDown();
        });
        List<String> said = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            String text = i + ":" + "x".repeat(i * 97 % 20_000);
            said.add(text);
            ends.offerers().send(text);
        }
        assertThat(all.await(ConnectedPair.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(echoed).isEqualTo(said);
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ConnectedPair.PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(20); // between two looks at a condition
        }
    }

    /// Over TCP as where a network lets no UDP out.
    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void messagesTravelThroughTheServerOnChannels(String transport) throws InterruptedException {
        try (Coturn server = Coturn.start(folder);
                ConnectedPair pair = new ConnectedPair(relayOnly(server.turn(transport)))) {
            exchange(pair.open("talk", DataChannelOptions.reliable()));
            assertThat(pair.offerer.stats().path()).isEqualTo("relay/relay udp4");
            assertThat(pair.answerer.stats().path()).isEqualTo("relay/relay udp4");
            assertThat(pair.offerer.stats().counter("turn.errors.received"))
                    .as("the first demand of credentials, nothing else")
                    .isEqualTo(1);
        }
    }

    /// The server may have answered before the offer is written; then nothing follows.
    @Test
    void descriptionsDoNotWaitWhereCandidatesMayFollow() throws InterruptedException {
        try (Coturn server = Coturn.start(folder);
                ConnectedPair pair = new ConnectedPair(relayOnly(server.turn("udp")))) {
            pair.offerer.onIceCandidate(found -> pair.answerer.addRemoteCandidate(found.candidate()));
            pair.answerer.onIceCandidate(found -> pair.offerer.addRemoteCandidate(found.candidate()));
            exchange(pair.open("talk", DataChannelOptions.reliable()));
            assertThat(pair.offerer.stats().path()).isEqualTo("relay/relay udp4");
        }
    }

    @Test
    void messagesTravelOverTlsToAServerThatIsTrusted() throws Exception {
        TestCertificate certificate = TestCertificate.create(folder);
        SSLContext before = SSLContext.getDefault();
        try (Coturn server = Coturn.start(folder, certificate.coturnOptions())) {
            SSLContext.setDefault(certificate.trustingContext());
            try (ConnectedPair pair = new ConnectedPair(relayOnly(server.turns()))) {
                exchange(pair.open("talk", DataChannelOptions.reliable()));
                assertThat(pair.offerer.stats().path()).isEqualTo("relay/relay udp4");
            }
        } finally {
            SSLContext.setDefault(before);
        }
    }

    /// As a service hands them out: the name begins with the second at which it ends, the password is its signature.
    @Test
    void timeLimitedCredentialsAreAccepted() throws Exception {
        try (Coturn server = Coturn.start(folder, "--use-auth-secret", "--static-auth-secret=a shared secret")) {
            String username = Instant.now().plusSeconds(3_600).getEpochSecond() + ":someone";
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec("a shared secret".getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            String credential =
                    Base64.getEncoder().encodeToString(mac.doFinal(username.getBytes(StandardCharsets.UTF_8)));
            IceServer limited = IceServer.turn(server.turn("udp").url(), username, credential);
            try (ConnectedPair pair = new ConnectedPair(relayOnly(limited))) {
                exchange(pair.open("talk", DataChannelOptions.reliable()));
            }
        }
    }

    /// The host's own name, so that it is looked up.
    @Test
    void aServerIsFoundByItsName() {
        try (Coturn server = Coturn.start(folder)) {
            String url = server.turn("udp").url().replace("127.0.0.1", "localhost");
            IceServer named = IceServer.turn(url, Coturn.USERNAME, Coturn.CREDENTIAL);
            try (PeerConnection connection = PeerConnection.create(relayOnly(named))) {
                connection.createDataChannel("talk");
                assertThat(connection.createOffer().sdp()).contains("typ relay");
            }
        }
    }

    @Test
    void messagesTravelThroughAnIpv6Relay() throws Exception {
        InetAddress six = InetAddress.ofLiteral("::1");
        Requires.check(NetworkInterface.getByInetAddress(six) != null, "IPv6 on the loopback interface");
        try (Coturn server = Coturn.start(folder, six)) {
            IceServer relay = server.turn("udp");
            try (ConnectedPair pair = new ConnectedPair(relayOnly(relay).withBindAddresses(List.of(six)))) {
                exchange(pair.open("talk", DataChannelOptions.reliable()));
                assertThat(pair.offerer.stats().path()).isEqualTo("relay/relay udp6");
            }
        }
    }

    @Test
    void aServerThatIsNotTrustedIsNotUsed() {
        TestCertificate certificate = TestCertificate.create(folder);
        try (Coturn server = Coturn.start(folder, certificate.coturnOptions());
                PeerConnection connection = PeerConnection.create(relayOnly(server.turns()))) {
            connection.createDataChannel("talk");
            assertThat(connection.createOffer().sdp()).doesNotContain("a=candidate:");
            assertThat(connection.stats().counter("turn.requests.sent"))
                    .as("no user name is told to it")
                    .isZero();
        }
    }

    @Test
    void aServerThatGoesAwayInMidSessionIsMissedAndTheConnectionFails() throws InterruptedException {
        try (Coturn server = Coturn.start(folder);
                ConnectedPair pair = new ConnectedPair(relayOnly(server.turn("tcp")))) {
            exchange(pair.open("talk", DataChannelOptions.reliable()));
            server.stop();
            await(() -> pair.offerer.stats().counter("turn.ended") >= 1); // a relay that stood long is asked for again
            await(() -> pair.offererStates.stream().anyMatch(state -> state.startsWith("DISCONNECTED")));
        }
    }

    @Test
    void aDescriptionHoldsReflexiveAndRelayedCandidates() {
        try (Coturn server = Coturn.start(folder);
                PeerConnection connection =
                        PeerConnection.create(relayOnly(IceServer.stun(server.stunUrl()), server.turn("udp"))
                                .withIceTransportPolicy(IceTransportPolicy.ALL))) {
            connection.createDataChannel("talk");
            String offer = connection.createOffer().sdp();
            assertThat(offer).contains("typ host", "typ relay raddr 127.0.0.1");
            assertThat(offer).as("no NAT has changed the address").doesNotContain("typ srflx");
        }
    }

    @Test
    void aSessionOutlivesShortNoncesAndShortAllocations() throws InterruptedException {
        try (Coturn server = Coturn.start(folder, "--stale-nonce=1", "--max-allocate-lifetime=4");
                ConnectedPair pair = new ConnectedPair(relayOnly(server.turn("udp")))) {
            ConnectedPair.Ends ends = pair.open("talk", DataChannelOptions.reliable());
            exchange(ends);
            await(() -> pair.offerer.stats().counter("turn.nonces.stale") >= 4);
            exchange(ends);
            assertThat(pair.offererStates).noneMatch(state -> state.startsWith("DISCONNECTED"));
            assertThat(pair.offerer.stats().counter("turn.ended")).isZero();
        }
    }

    @Test
    void closingDeletesTheAllocation() throws InterruptedException {
        try (Coturn server = Coturn.start(folder, "--verbose")) {
            try (ConnectedPair pair = new ConnectedPair(relayOnly(server.turn("udp")))) {
                exchange(pair.open("talk", DataChannelOptions.reliable()));
            }
            await(() -> server.log().split("lifetime=0").length > 2);
        }
    }

    @Test
    void wrongCredentialsLeaveAConnectionWithoutCandidates() {
        try (Coturn server = Coturn.start(folder)) {
            IceServer wrong = IceServer.turn(server.turn("udp").url(), Coturn.USERNAME, "a guess");
            try (PeerConnection connection = PeerConnection.create(relayOnly(wrong))) {
                connection.createDataChannel("talk");
                assertThat(connection.createOffer().sdp()).doesNotContain("a=candidate:");
                assertThat(connection.stats().counter("turn.ended")).isEqualTo(1);
            }
        }
    }

    @Test
    void serversThatCannotBeRightAreRefusedWithASentence() {
        assertThatThrownBy(() -> IceServer.stun("stun//example.org"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has to look like");
        assertThatThrownBy(() -> IceServer.stun("turn:example.org"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a TURN server needs a user name and a credential");
        assertThat(IceServer.turn("turn:relay.example.org", "user", "secret").toString())
                .doesNotContain("example", "user", "secret");
    }
}
