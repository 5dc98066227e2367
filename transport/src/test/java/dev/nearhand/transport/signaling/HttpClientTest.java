package dev.nearhand.transport.signaling;

import static dev.nearhand.transport.signaling.Parties.connection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.SessionDescription;
import dev.nearhand.transport.api.TransportException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The client against a server made by hand, which answers as servers may.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HttpClientTest {
    private HttpServer server;
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private interface Answering {
        void answer(HttpExchange exchange, String body) throws IOException;
    }

    private void serve(String path, Answering answering) {
        server.createContext(path, exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                String token = exchange.getRequestHeaders().getFirst("Authorization");
                asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                        + (token == null ? "" : token));
                answering.answer(exchange, body);
            }
        });
    }

    private static void reply(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /// As a server without trickle and restart does it.
    private static void create(HttpExchange exchange, String offer, String location) throws IOException {
        try (PeerConnection connection = connection()) {
            String answer = connection
                    .answerAsync(SessionDescription.offer(offer))
                    .join()
                    .sdp();
            exchange.getResponseHeaders().set("Location", location);
            reply(exchange, 201, "application/sdp", answer);
        }
    }

    private HttpEndpoint endpoint(String path) {
        return HttpEndpoint.of(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path))
                .withBearerToken(Parties.TOKEN)
                .withRequestTimeout(Duration.ofSeconds(Parties.PATIENCE_SECONDS));
    }

    private static TransportException failure(HttpEndpoint endpoint) {
        try (PeerConnection connection = connection()) {
            Throwable failure = catchThrowable(() -> Parties.await(WhepClient.play(endpoint, connection, false)));
            assertThat(failure).isInstanceOf(ExecutionException.class);
            assertThat(failure.getCause()).isInstanceOf(TransportException.class);
            return (TransportException) failure.getCause();
        }
    }

    @Test
    void redirectionsAreFollowedWithBodyAndTokenAndLocationsAreResolved() throws Exception {
        serve("/first", (exchange, _) -> {
            exchange.getResponseHeaders().set("Location", "/second?room=1");
            reply(exchange, 307, "text/plain", "");
        });
        serve("/second", (exchange, _) -> {
            exchange.getResponseHeaders().set("Location", "media/third");
            reply(exchange, 308, "text/plain", "");
        });
        serve("/media/third", (exchange, offer) -> create(exchange, offer, "../sessions/1"));
        serve("/sessions/1", (exchange, _) -> reply(exchange, 200, "text/plain", ""));
        try (PeerConnection connection = connection()) {
            HttpSession session = Parties.await(WhepClient.play(endpoint("/first"), connection, false));
            assertThat(session.location().orElseThrow().getPath()).isEqualTo("/sessions/1");
            session.close();
        }
        String bearer = " Bearer " + Parties.TOKEN;
        assertThat(asked)
                .containsExactly(
                        "POST /first" + bearer,
                        "POST /second?room=1" + bearer,
                        "POST /media/third" + bearer,
                        "DELETE /sessions/1" + bearer);
    }

    @Test
    void aCircleOfRedirectionsEnds() {
        serve("/circle", (exchange, _) -> {
            exchange.getResponseHeaders().set("Location", "/circle");
            reply(exchange, 307, "text/plain", "");
        });
        assertThat(failure(endpoint("/circle")))
                .hasMessageContaining("circle")
                .extracting(TransportException::code)
                .isEqualTo(TransportException.Code.REFUSED);
        assertThat(asked).hasSize(HttpCalls.REDIRECTS_LIMIT + 1);
    }

    @Test
    void aBusyServerIsAskedAgainAfterTheTimeItSays() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        serve("/busy", (exchange, offer) -> {
            if (tries.incrementAndGet() == 1) {
                exchange.getResponseHeaders().set("Retry-After", "1");
                reply(exchange, 503, "text/plain", "");
            } else {
                create(exchange, offer, "/busy/1");
            }
        });
        try (PeerConnection connection = connection();
                HttpSession session = Parties.await(WhepClient.play(endpoint("/busy"), connection, false))) {
            assertThat(session.location()).isPresent();
            assertThat(tries).hasValue(2);
        }
    }

    @Test
    void aServerThatStaysBusyIsGivenUp() {
        serve("/busy", (exchange, _) -> {
            exchange.getResponseHeaders().set("Retry-After", "1");
            reply(exchange, 503, "text/plain", "");
        });
        assertThat(failure(endpoint("/busy").withPatience(Duration.ofMillis(10))))
                .hasMessageContaining("busy")
                .hasMessageContaining("503");
        assertThat(asked).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "400,does not accept",
        "401,token",
        "404,address",
        "405,address",
        "406,cannot use",
        "409,nobody sends",
        "413,too long",
        "418,does not accept",
        "500,has failed",
        "599,has failed"
    })
    void aRefusalIsASentenceThatSaysWhatToTry(int status, String words) {
        serve("/no", (exchange, _) -> reply(exchange, status, "text/plain", "no\u0007 way"));
        assertThat(failure(endpoint("/no")))
                .hasMessageContaining(words)
                .hasMessageContaining("(" + status + ", “no  way”)")
                .extracting(TransportException::code)
                .isEqualTo(TransportException.Code.REFUSED);
    }

    @Test
    void anAnswerThatIsNoneEndsTheSessionAtTheServer() {
        serve("/page", (exchange, _) -> {
            exchange.getResponseHeaders().set("Location", "/page/1");
            reply(exchange, 201, "text/html", "<html>");
        });
        assertThat(failure(endpoint("/page")).code()).isEqualTo(TransportException.Code.BAD_DESCRIPTION);
        serve("/nonsense", (exchange, _) -> {
            exchange.getResponseHeaders().set("Location", "/nonsense/1");
            reply(exchange, 201, "application/sdp", "v=0\r\nnonsense");
        });
        assertThat(failure(endpoint("/nonsense")).code()).isEqualTo(TransportException.Code.BAD_DESCRIPTION);
        serve("/long", (exchange, _) -> reply(exchange, 201, "application/sdp", "x".repeat(70_000)));
        assertThat(failure(endpoint("/long")).code()).isEqualTo(TransportException.Code.BAD_DESCRIPTION);
        String bearer = " Bearer " + Parties.TOKEN;
        assertThat(asked).contains("DELETE /page/1" + bearer, "DELETE /nonsense/1" + bearer);
    }

    @Test
    void aServerThatIsNotThereIsSaid() {
        HttpEndpoint endpoint = endpoint("/");
        server.stop(0);
        assertThat(failure(endpoint).code()).isEqualTo(TransportException.Code.UNREACHABLE);
    }

    @Test
    void aServerWithoutRestartKeepsTheSession() throws Exception {
        serve("/plain", (exchange, body) -> {
            if (exchange.getRequestMethod().equals("POST")) {
                create(exchange, body, "/plain/1");
            } else {
                reply(exchange, 405, "text/plain", "");
            }
        });
        try (PeerConnection connection = connection();
                HttpSession session = Parties.await(WhepClient.play(endpoint("/plain"), connection, false))) {
            Throwable refused = catchThrowable(() -> Parties.await(session.restartIce()));
            assertThat(refused.getCause()).isInstanceOf(TransportException.class);
            assertThat(session.location()).isPresent();
        }
        assertThat(asked).contains("DELETE /plain/1 Bearer " + Parties.TOKEN);
    }

    @Test
    void iceServersComeFromOptionsToo() throws Exception {
        serve("/ice", (exchange, _) -> {
            exchange.getResponseHeaders().add("Link", "<stun:stun.example.net>; rel=\"ice-server\"");
            reply(exchange, 204, "text/plain", "");
        });
        assertThat(Parties.await(WhipClient.iceServers(endpoint("/ice")))).hasSize(1);
        assertThat(asked).as("a preflight carries no token").containsExactly("OPTIONS /ice ");
        server.stop(0);
        assertThat(Parties.await(WhipClient.iceServers(endpoint("/ice")))).isEmpty();
    }
}
