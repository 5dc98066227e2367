package dev.nearhand.transport.signaling;

import static dev.nearhand.transport.signaling.Parties.connection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.TransportException;
import dev.nearhand.transport.api.VideoCodec;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The server as a client by hand sees it, with everything that can be wrong with a request.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SignalingServerTest {
    private static final String SDP = "application/sdp";
    private static final String FRAGMENT = "application/trickle-ice-sdpfrag";
    private static final String CANDIDATES =
            "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host\r\n";

    private final HttpClient http = HttpClient.newHttpClient();
    private SignalingServer server;

    @BeforeEach
    void open() {
        server = serving(Parties.serverConfig().withSessionsLimit(2));
    }

    private static SignalingServer serving(SignalingServerConfig config) {
        return SignalingServer.open(config)
                .addWhip("/whip", _ -> connection())
                .addWhep("/whep", _ -> {
                    PeerConnection sender = connection();
                    sender.addVideoTrack("screen", VideoCodec.VP8);
                    return sender;
                })
                .addWhep("/later", _ -> {
                    throw SessionRefused.notNow(Duration.ofSeconds(7), "Nobody publishes yet.");
                });
    }

    @AfterEach
    void close() {
        server.close();
        http.shutdownNow();
    }

    private static String offer(boolean publishing) {
        try (PeerConnection connection = connection()) {
            if (publishing) {
                connection.addVideoTrack("film", VideoCodec.VP8);
            } else {
                connection.receiveVideo();
            }
            return connection.createOffer().sdp();
        }
    }

    private HttpResponse<String> send(String method, String path, String type, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(Parties.uri(server, path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(Parties.PATIENCE_SECONDS));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private String created(String path, boolean publishing) throws IOException, InterruptedException {
        HttpResponse<String> response = send("POST", path, SDP, offer(publishing));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return header(response, "location");
    }

    @Test
    void anOfferIsAnsweredWithTheSessionsAddressAndTag() throws Exception {
        HttpResponse<String> watching = send("POST", "/whep", SDP + "; charset=utf-8", offer(false));
        assertThat(watching.statusCode()).isEqualTo(201);
        assertThat(header(watching, "content-type")).isEqualTo(SDP);
        assertThat(header(watching, "location")).matches("/whep/[0-9a-f]{32}");
        assertThat(header(watching, "etag")).startsWith("\"").endsWith("\"");
        assertThat(header(watching, "access-control-allow-origin")).isEqualTo("*");
        assertThat(header(watching, "access-control-expose-headers")).contains("Location", "ETag", "Link");
        assertThat(watching.body()).contains("a=sendonly", "a=candidate:", "a=end-of-candidates", "a=rtcp-mux-only");

        HttpResponse<String> publishing = send("POST", "/whip", SDP, offer(true));
        assertThat(publishing.statusCode()).isEqualTo(201);
        assertThat(publishing.body()).contains("a=recvonly");
        assertThat(server.sessions()).isEqualTo(2);
    }

    @Test
    void aPreflightNeedsNoTokenAndSaysWhatIsTaken() throws Exception {
        server.close();
        server = serving(Parties.serverConfig().withBearerToken(Parties.TOKEN));
        HttpResponse<String> endpoint = send("OPTIONS", "/whip", "", "", "Origin", "https://example.net");
        assertThat(endpoint.statusCode()).isEqualTo(200);
        assertThat(header(endpoint, "accept-post")).isEqualTo(SDP);
        assertThat(header(endpoint, "access-control-allow-methods")).contains("POST");
        assertThat(header(endpoint, "access-control-allow-headers")).contains("Authorization", "If-Match");
        assertThat(header(send("OPTIONS", "/whip/any", "", ""), "access-control-allow-methods"))
                .contains("PATCH", "DELETE");
    }

    @Test
    void withoutTheTokenNothingIsTold() throws Exception {
        server.close();
        server = serving(Parties.serverConfig().withBearerToken(Parties.TOKEN));
        for (String path : new String[] {"/whip", "/nowhere"}) {
            HttpResponse<String> refused = send("POST", path, SDP, offer(true));
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(header(refused, "www-authenticate")).isEqualTo("Bearer");
        }
        String wrong = "Bearer " + Parties.TOKEN + "x";
        assertThat(send("POST", "/whip", SDP, offer(true), "Authorization", wrong)
                        .statusCode())
                .isEqualTo(401);
        String right = "bearer " + Parties.TOKEN;
        assertThat(send("POST", "/whip", SDP, offer(true), "Authorization", right)
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void whatIsNoOfferIsRefusedByItsKind() throws Exception {
        assertThat(send("POST", "/whip", "text/plain", offer(true)).statusCode())
                .isEqualTo(415);
        assertThat(send("POST", "/whip", "", offer(true)).statusCode()).isEqualTo(415);
        assertThat(send("POST", "/whip", SDP, "v=0\nnonsense").statusCode()).isEqualTo(400);
        assertThat(send("POST", "/whip", SDP, "").statusCode()).isEqualTo(400);
        assertThat(send("POST", "/whip", SDP, offer(false)).statusCode())
                .as("a watcher's offer")
                .isEqualTo(400);
        assertThat(send("POST", "/whep", SDP, offer(true)).statusCode())
                .as("a publisher's offer")
                .isEqualTo(400);
        String strange = offer(false).replace("VP8/90000", "THEORA/90000");
        assertThat(send("POST", "/whep", SDP, strange).statusCode())
                .as("no common format")
                .isEqualTo(406);
        String unsafe = offer(false).replaceAll("a=fingerprint:.*\r\n", "");
        assertThat(send("POST", "/whep", SDP, unsafe).statusCode())
                .as("no fingerprint")
                .isEqualTo(400);
        assertThat(server.sessions()).isZero();
        created("/whep", false);
        created("/whip", true);
    }

    @Test
    void bodiesBeyondTheLimitAreRefused() throws Exception {
        String endless = offer(true) + "a=x\r\n".repeat(20_000);
        assertThat(send("POST", "/whip", SDP, endless).statusCode()).isEqualTo(413);
        created("/whip", true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/nowhere", "/whip/", "/whip/00000000000000000000000000000000", "/whip/../whip"})
    void unknownAddressesAreNotFound(String path) throws Exception {
        assertThat(send("POST", path, SDP, offer(true)).statusCode()).isEqualTo(404);
        assertThat(send("PATCH", path, FRAGMENT, CANDIDATES).statusCode()).isEqualTo(404);
        assertThat(send("DELETE", path, "", "").statusCode()).isEqualTo(404);
    }

    @Test
    void otherMethodsAreNotAllowed() throws Exception {
        String session = created("/whip", true);
        HttpResponse<String> put = send("PUT", "/whip", SDP, offer(true));
        assertThat(put.statusCode()).isEqualTo(405);
        assertThat(header(put, "allow")).contains("POST");
        assertThat(send("POST", session, SDP, offer(true)).statusCode()).isEqualTo(405);
        assertThat(send("DELETE", "/whip", "", "").statusCode()).isEqualTo(405);
        assertThat(send("GET", "/whip", "", "").statusCode()).isEqualTo(204);
        assertThat(send("GET", session, "", "").statusCode()).isEqualTo(204);
    }

    @Test
    void candidatesAreTakenForTheIceSessionThatTheyAreMeantFor() throws Exception {
        HttpResponse<String> created = send("POST", "/whip", SDP, offer(true));
        String session = header(created, "location");
        String tag = header(created, "etag");
        HttpResponse<String> taken = send("PATCH", session, FRAGMENT, CANDIDATES, "If-Match", tag);
        assertThat(taken.statusCode()).isEqualTo(204);
        assertThat(header(taken, "etag")).as("a response to trickle has none").isEmpty();
        assertThat(send("PATCH", session, FRAGMENT, CANDIDATES).statusCode()).isEqualTo(428);
        assertThat(send("PATCH", session, FRAGMENT, CANDIDATES, "If-Match", "\"other\"")
                        .statusCode())
                .isEqualTo(412);
        assertThat(send("PATCH", session, SDP, CANDIDATES, "If-Match", tag).statusCode())
                .isEqualTo(415);
        assertThat(send("PATCH", session, FRAGMENT, "garbage", "If-Match", tag).statusCode())
                .isEqualTo(400);
        assertThat(send("PATCH", session, FRAGMENT, "", "If-Match", tag).statusCode())
                .isEqualTo(400);
        String unknown = CANDIDATES + "a=candidate:1 1 sctp 1 nowhere.invalid 9 typ strange\r\n";
        assertThat(send("PATCH", session, FRAGMENT, unknown, "If-Match", tag).statusCode())
                .as("what cannot be used is passed over")
                .isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "\"*\""})
    void aRestartIsAnsweredWithNewCredentialsAndAnotherTag(String any) throws Exception {
        HttpResponse<String> created = send("POST", "/whip", SDP, offer(true));
        String session = header(created, "location");
        String restart = CANDIDATES + "a=ice-ufrag:ysXw\r\na=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k\r\n";
        HttpResponse<String> restarted = send("PATCH", session, FRAGMENT, restart, "If-Match", any);
        assertThat(restarted.statusCode()).as(restarted.body()).isEqualTo(200);
        assertThat(header(restarted, "content-type")).isEqualTo(FRAGMENT);
        assertThat(header(restarted, "etag")).isNotEmpty().isNotEqualTo(header(created, "etag"));
        assertThat(restarted.body())
                .contains("a=ice-ufrag:", "a=ice-pwd:", "a=candidate:")
                .doesNotContain("v=0");
        String before = created.body()
                .lines()
                .filter(line -> line.startsWith("a=ice-ufrag:"))
                .findFirst()
                .orElseThrow();
        assertThat(restarted.body()).doesNotContain(before + "\r\n");

        String old = header(created, "etag");
        assertThat(send("PATCH", session, FRAGMENT, CANDIDATES, "If-Match", old).statusCode())
                .isEqualTo(412);
        assertThat(send("PATCH", session, FRAGMENT, CANDIDATES, "If-Match", header(restarted, "etag"))
                        .statusCode())
                .isEqualTo(204);
        String half = CANDIDATES + "a=ice-ufrag:ysXw\r\na=ice-pwd:short\r\n";
        assertThat(send("PATCH", session, FRAGMENT, half, "If-Match", any).statusCode())
                .as("a restart that cannot be")
                .isBetween(400, 499);
        assertThat(server.sessions()).as("and the session lives on").isEqualTo(1);
    }

    @Test
    void whoeverIsOneTooManyIsToldWhenToComeBack() throws Exception {
        String first = created("/whip", true);
        created("/whip", true);
        HttpResponse<String> busy = send("POST", "/whip", SDP, offer(true));
        assertThat(busy.statusCode()).isEqualTo(503);
        assertThat(header(busy, "retry-after")).matches("[1-9][0-9]*");
        assertThat(send("DELETE", first, "", "").statusCode()).isEqualTo(200);
        assertThat(send("DELETE", first, "", "").statusCode()).isEqualTo(404);
        created("/whip", true);
    }

    @Test
    void theApplicationsRefusalIsPassedOn() throws Exception {
        HttpResponse<String> later = send("POST", "/later", SDP, offer(false));
        assertThat(later.statusCode()).isEqualTo(409);
        assertThat(header(later, "retry-after")).isEqualTo("7");
        assertThat(later.body()).contains("Nobody publishes yet.");
    }

    @Test
    void tooManyRequestsOfOneAddressAreSlowedDown() throws Exception {
        server.close();
        server = serving(Parties.serverConfig().withRequestsPerSecond(1));
        // all under way before the first answer is waited for: one after the other they could be slow enough
        HttpRequest get = HttpRequest.newBuilder(Parties.uri(server, "/whip")).build();
        List<CompletableFuture<HttpResponse<String>>> answers = Stream.generate(
                        () -> http.sendAsync(get, HttpResponse.BodyHandlers.ofString()))
                .limit(60)
                .toList();
        List<Integer> codes = new ArrayList<>();
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            codes.add(Parties.await(answer).statusCode());
        }
        assertThat(codes).contains(429);
    }

    @Test
    void aSessionThatNeverConnectsIsEnded() throws Exception {
        server.close();
        server = serving(Parties.serverConfig().withConnectLimit(Duration.ofMillis(100)));
        created("/whip", true);
        Parties.await("it is gone", () -> server.sessions() == 0);
    }

    @Test
    void aPortThatIsTakenIsSaid() {
        SignalingServerConfig same = new SignalingServerConfig(
                Parties.serverConfig().bindAddresses(),
                server.port(),
                "",
                Parties.serverConfig().iceServers(),
                1,
                1,
                Duration.ofSeconds(1));
        assertThatThrownBy(() -> SignalingServer.open(same))
                .isInstanceOfSatisfying(TransportException.class, failure -> assertThat(failure.code())
                        .isEqualTo(TransportException.Code.NO_NETWORK));
    }

    @Test
    void whatIsNoHttpIsClosed() throws Exception {
        try (java.net.Socket raw = new java.net.Socket("127.0.0.1", server.port())) {
            raw.setSoTimeout(60_000);
            raw.getOutputStream().write(new byte[] {22, 3, 1, 0, 5, 1, 2, 3, 4, 13, 10, 13, 10});
            String answer = new String(raw.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 400");
        }
        assertThat(send("GET", "/whip", "", "").statusCode()).isEqualTo(204);
    }
}
