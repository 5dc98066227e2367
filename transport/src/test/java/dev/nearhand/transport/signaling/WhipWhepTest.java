package dev.nearhand.transport.signaling;

import static dev.nearhand.transport.signaling.Parties.await;
import static dev.nearhand.transport.signaling.Parties.connection;
import static dev.nearhand.transport.signaling.Parties.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.api.ConnectionState;
import dev.nearhand.transport.api.IceServer;
import dev.nearhand.transport.api.PeerConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Our client and our server, over real sockets.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class WhipWhepTest {
    @Test
    void whatAClientPublishesArrivesAtTheServerUntilTheClientEndsIt() throws Exception {
        CompletableFuture<Parties.Audience> audience = new CompletableFuture<>();
        CompletableFuture<Void> over = new CompletableFuture<>();
        try (SignalingServer server =
                        SignalingServer.open(Parties.serverConfig().withBearerToken(Parties.TOKEN));
                PeerConnection publisher = connection();
                Parties.Film _ = new Parties.Film(publisher)) {
            server.addWhip("/whip", request -> {
                assertThat(request.fromThisMachine()).isTrue();
                assertThat(request.offer().sdp()).contains("a=sendonly", "a=rtcp-mux-only");
                PeerConnection receiver = connection();
                audience.complete(new Parties.Audience(receiver));
                receiver.onStateChange((state, _) -> {
                    if (state == ConnectionState.CLOSED) {
                        over.complete(null);
                    }
                });
                return receiver;
            });
            HttpSession session =
                    await(WhipClient.publish(endpoint(server, "/whip").withBearerToken(Parties.TOKEN), publisher));
            assertThat(session.location().orElseThrow().getPath()).startsWith("/whip/");
            await(audience).awaitFrames(50);
            assertThat(server.sessions()).isEqualTo(1);

            session.close();
            assertThat(server.sessions()).isZero();
            await(over);
            assertThat(publisher.state()).isEqualTo(ConnectionState.CLOSED);
        }
    }

    @Test
    void severalClientsWatchWhatTheServerShows() throws Exception {
        AtomicInteger films = new AtomicInteger();
        try (SignalingServer server = SignalingServer.open(Parties.serverConfig());
                PeerConnection one = connection();
                PeerConnection two = connection()) {
            server.addWhep("/whep", request -> {
                PeerConnection sender = connection();
                Parties.Film film = new Parties.Film(sender);
                films.incrementAndGet();
                sender.onStateChange((state, _) -> {
                    if (state == ConnectionState.CLOSED) {
                        film.close();
                        films.decrementAndGet();
                    }
                });
                return sender;
            });
            Parties.Audience first = new Parties.Audience(one);
            Parties.Audience second = new Parties.Audience(two);
            HttpSession firstSession = await(WhepClient.play(endpoint(server, "/whep"), one, false));
            try (HttpSession _ = await(WhepClient.play(endpoint(server, "/whep"), two, true))) {
                first.awaitFrames(30);
                second.awaitFrames(30);
                assertThat(server.sessions()).isEqualTo(2);
                firstSession.close();
                second.awaitFrames(30);
            }
            await("both are over", () -> server.sessions() == 0 && films.get() == 0);
        }
    }

    @Test
    void iceIsRestartedByFragmentsAloneAndThePictureGoesOn() throws Exception {
        CompletableFuture<Parties.Audience> audience = new CompletableFuture<>();
        try (SignalingServer server = SignalingServer.open(Parties.serverConfig());
                PeerConnection publisher = connection();
                Parties.Film _ = new Parties.Film(publisher)) {
            server.addWhip("/whip", _ -> {
                PeerConnection receiver = connection();
                audience.complete(new Parties.Audience(receiver));
                return receiver;
            });
            try (HttpSession session = await(WhipClient.publish(endpoint(server, "/whip"), publisher))) {
                await(audience).awaitFrames(20);
                for (int i = 0; i < 3; i++) {
                    await(session.restartIce());
                    await(audience).awaitFrames(20);
                }
                assertThat(publisher.state()).isEqualTo(ConnectionState.CONNECTED);
            }
        }
    }

    @Test
    void aClientLearnsTheServersIceServers() throws Exception {
        List<IceServer> servers = List.of(
                IceServer.stun("stun:stun.example.net"),
                IceServer.turn("turn:turn.example.net?transport=tcp", "user", "secret"));
        try (SignalingServer server =
                        SignalingServer.open(Parties.serverConfig().withIceServers(servers));
                PeerConnection publisher = connection();
                Parties.Film _ = new Parties.Film(publisher)) {
            server.addWhip("/whip", _ -> connection());
            try (HttpSession session = await(WhipClient.publish(endpoint(server, "/whip"), publisher))) {
                assertThat(session.iceServers()).containsExactlyElementsOf(servers);
            }
        }
    }

    @Test
    void whoVanishesIsForgotten() throws Exception {
        CompletableFuture<PeerConnection> receiver = new CompletableFuture<>();
        PeerConnection publisher = connection();
        try (SignalingServer server = SignalingServer.open(Parties.serverConfig());
                Parties.Film _ = new Parties.Film(publisher)) {
            server.addWhip("/whip", _ -> {
                PeerConnection made = connection();
                receiver.complete(made);
                return made;
            });
            await(WhipClient.publish(endpoint(server, "/whip"), publisher));
            await("it is connected", () -> publisher.state() == ConnectionState.CONNECTED);
            publisher.close(); // without a DELETE
            await("the session is over", () -> server.sessions() == 0);
            assertThat(await(receiver).state()).isEqualTo(ConnectionState.CLOSED);
        }
    }
}
