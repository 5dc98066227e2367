package dev.nearhand.app.peer;

import static dev.nearhand.app.peer.DrivenPeer.members;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerProgramTest {
    private DrivenPeer one;
    private DrivenPeer two;

    @BeforeEach
    void start() throws IOException {
        one = DrivenPeer.start();
        two = DrivenPeer.start();
    }

    @AfterEach
    void end() throws IOException {
        one.close();
        two.close();
    }

    @Test
    void saysWhatItIs() throws Exception {
        JsonNode info = one.command("info", members());

        assertThat(info.path("name").asText()).isEqualTo("nearhand");
        assertThat(info.path("version").asText()).isEqualTo("test");
        assertThat(info.path("maxMessage").asInt()).isEqualTo(64 << 20);
    }

    @Test
    void connectsSeveralAtOnceAndTellsWhenTheirChannelsAreOpen() throws Exception {
        for (String pc : new String[] {"0", "second", "3"}) {
            one.connect(two, pc);
            JsonNode offerer = one.event("open");
            JsonNode answerer = two.event("open");

            assertThat(offerer.path("pc").asText()).isEqualTo(pc);
            assertThat(offerer.path("side").asText()).isEqualTo("offer");
            assertThat(offerer.path("ms").asDouble())
                    .isGreaterThan(offerer.path("sinceAccept").asDouble());
            assertThat(offerer.path("sinceAccept").asDouble()).isPositive();
            assertThat(answerer.path("pc").asText()).isEqualTo(pc);
            assertThat(answerer.path("side").asText()).isEqualTo("answer");
        }

        assertThat(one.command("stat", members()).path("pcs").asInt()).isEqualTo(3);
        assertThat(two.command("stat", members()).path("channelsSeen").asInt()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"1024, 300", "65536, 20", "3, 500", "1, 1", "1048576, 12", "16777216, 1"})
    void everyByteOfAVerifiedTransferArrives(int size, int count) throws Exception {
        one.connect(two, "0");
        one.event("open");

        JsonNode reply = one.command(
                "send",
                members()
                        .put("run", "a b")
                        .put("size", size)
                        .put("bytes", (long) size * count)
                        .put("verify", true));
        JsonNode received = two.event("received");

        assertThat(reply.path("ok").asBoolean()).isTrue();
        assertThat(received.path("run").asText()).isEqualTo("a b");
        assertThat(received.path("count").asInt()).isEqualTo(count);
        assertThat(received.path("bytes").asLong()).isEqualTo((long) size * count);
        assertThat(received.path("limited").asBoolean()).isFalse();
        assertThat(received.path("sha256").asText()).isEqualTo(sha256(size, count));
        assertThat(one.event("sent").path("count").asInt()).isEqualTo(count);
    }

    /// As the contract words it, byte by byte.
    private static String sha256(int size, int count) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] message = new byte[size];
        for (int i = 0; i < count; i++) {
            byte[] index = ByteBuffer.allocate(4).putInt(i).array();
            for (int k = 0; k < size; k++) {
                message[k] = k < 4 ? index[k] : (byte) ((i + k) & 255);
            }
            digest.update(message);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Test
    void anUnorderedTransferInTheOtherDirectionIsComplete() throws Exception {
        one.connect(two, "0");
        two.event("open");

        two.command(
                "send",
                members()
                        .put("run", 7)
                        .put("size", 5000)
                        .put("bytes", 1_004_999)
                        .put("ordered", false));
        JsonNode received = one.event("received");

        assertThat(received.path("run").asText()).isEqualTo("7");
        assertThat(received.path("count").asInt()).isEqualTo(200);
        assertThat(received.has("sha256")).isFalse();
    }

    @Test
    void aTransferOfSomeTimeEndsByIt() throws Exception {
        one.connect(two, "0");
        one.event("open");

        one.command(
                "send",
                members()
                        .put("run", "timed")
                        .put("size", 65_536)
                        .put("bytes", 1L << 44)
                        .put("seconds", 0.2));
        JsonNode received = two.event("received");

        assertThat(received.path("limited").asBoolean()).isTrue();
        assertThat(received.path("seconds").asDouble()).isGreaterThanOrEqualTo(0.2);
        assertThat(received.path("bytes").asLong())
                .isPositive()
                .isEqualTo(received.path("count").asLong() * 65_536);
        assertThat(one.event("sent").path("count").asLong())
                .isGreaterThanOrEqualTo(received.path("count").asLong());
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void pingsComeBack(boolean isUnreliable, boolean isRedundant) throws Exception {
        one.connect(two, "0");
        one.event("open");

        one.command(
                "ping",
                members()
                        .put("count", 20)
                        .put("size", 64)
                        .put("intervalMs", 2.5)
                        .put("unreliable", isUnreliable)
                        .put("redundant", isRedundant)
                        .put("settleMs", 0));
        JsonNode pings = one.event("pings");

        assertThat(pings.path("sent").asInt()).isEqualTo(20);
        assertThat(pings.path("received").asInt()).isEqualTo(20);
        assertThat(pings.path("min").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(pings.path("p50").asDouble());
        assertThat(pings.path("p95").asDouble())
                .isBetween(pings.path("p50").asDouble(), pings.path("p99").asDouble());
        assertThat(pings.path("max").asDouble())
                .isGreaterThanOrEqualTo(pings.path("p99").asDouble());
        assertThat(pings.path("elapsed").asDouble()).isGreaterThanOrEqualTo(19 * 2.5);
        assertThat(two.command("stat", members()).path("pingsEchoed").asInt()).isEqualTo(20);
    }

    @Test
    void channelsOpenAndCloseInBatches() throws Exception {
        one.connect(two, "0");
        one.event("open");

        one.command("channels", members().put("count", 250).put("batch", 100));
        JsonNode channels = one.event("channels");

        assertThat(channels.path("opened").asInt()).isEqualTo(250);
        assertThat(channels.path("closed").asInt()).isEqualTo(250);
        assertThat(channels.path("failed").asInt()).isZero();
        assertThat(channels.path("openMs").asDouble()).isPositive();
        assertThat(channels.path("closeMs").asDouble()).isPositive();
        assertThat(two.command("stat", members()).path("channelsSeen").asInt()).isEqualTo(251);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1",
                "[]",
                "7",
                "nonsense",
                "{\"id\":1} {\"id\":2}",
                "{\"id\":1,\"id\":2,\"cmd\":\"info\"}",
                "{\"id\":{},\"cmd\":\"info\"}",
                "{\"id\":1}",
                "{\"id\":1,\"cmd\":7}",
                "{\"id\":1,\"cmd\":\"fly\"}",
                "{\"id\":1,\"cmd\":\"offer\",\"pc\":\"\"}",
                "{\"id\":1,\"cmd\":\"offer\",\"pc\":\"a|b\"}",
                "{\"id\":1,\"cmd\":\"offer\",\"pc\":[1]}",
                "{\"id\":1,\"cmd\":\"offer\",\"pc\":\"0\"}",
                "{\"id\":1,\"cmd\":\"answer\",\"pc\":\"new\"}",
                "{\"id\":1,\"cmd\":\"answer\",\"pc\":\"new\",\"sdp\":\"hello\"}",
                "{\"id\":1,\"cmd\":\"accept\",\"pc\":\"none\",\"sdp\":\"\"}",
                "{\"id\":1,\"cmd\":\"accept\",\"sdp\":\"v=0\"}",
                "{\"id\":1,\"cmd\":\"send\",\"run\":\"r\",\"size\":0,\"bytes\":1}",
                "{\"id\":1,\"cmd\":\"send\",\"run\":\"r\",\"size\":67108865,\"bytes\":67108865}",
                "{\"id\":1,\"cmd\":\"send\",\"run\":\"r\",\"size\":10,\"bytes\":9}",
                "{\"id\":1,\"cmd\":\"send\",\"run\":\"r\",\"size\":10,\"bytes\":1e30}",
                "{\"id\":1,\"cmd\":\"send\",\"run\":\"r\",\"size\":10,\"bytes\":99999999999999999999}",
                "{\"id\":1,\"cmd\":\"send\",\"run\":\"r|s\",\"size\":10,\"bytes\":10}",
                "{\"id\":1,\"cmd\":\"send\",\"run\":\"r\",\"size\":10,\"bytes\":10,\"seconds\":-1}",
                "{\"id\":1,\"cmd\":\"send\",\"run\":\"r\",\"size\":10,\"bytes\":10,\"seconds\":1e300}",
                "{\"id\":1,\"cmd\":\"send\",\"run\":\"r\",\"size\":10,\"bytes\":10,\"verify\":\"yes\"}",
                "{\"id\":1,\"cmd\":\"ping\",\"count\":2,\"size\":3,\"intervalMs\":1}",
                "{\"id\":1,\"cmd\":\"ping\",\"count\":2000000000,\"size\":4,\"intervalMs\":1}",
                "{\"id\":1,\"cmd\":\"channels\",\"count\":-1,\"batch\":1}",
                "{\"id\":1,\"cmd\":\"channels\",\"count\":1,\"batch\":100000}",
                "{\"id\":1,\"cmd\":\"channels\",\"pc\":\"none\",\"count\":1,\"batch\":1}"
            })
    void badInputIsAnsweredAndEndsNothing(String line) throws Exception {
        one.command("offer", members());

        JsonNode reply = one.say(line);

        assertThat(reply.has("id")).isTrue();
        assertThat(reply.path("error").asText()).isNotBlank();
        assertThat(one.command("stat", members()).path("pcs").asInt()).isEqualTo(1);
    }

    @Test
    void aLineWithoutEndIsNotKept() throws Exception {
        JsonNode reply = one.say("{\"id\":1,\"cmd\":\"" + "x".repeat(3 << 20) + "\"}");

        assertThat(reply.path("error").asText()).contains("1048576");
        assertThat(one.command("info", members()).has("name")).isTrue();
    }

    @Test
    void sendingIsRefusedBeforeItIsOpen() throws Exception {
        one.command("offer", members());

        JsonNode reply =
                one.command("send", members().put("run", "r").put("size", 10).put("bytes", 10));

        assertThat(reply.path("error").asText()).contains("not open");
    }

    @Test
    void whatFailsLaterIsAnEvent() throws Exception {
        one.connect(two, "0");
        one.event("open");
        two.event("open");
        one.command("send", members().put("run", "r").put("size", 1000).put("bytes", 1L << 44));

        two.command("reset", members());
        JsonNode failure = one.event("error");

        assertThat(failure.path("pc").asText()).isEqualTo("0");
        assertThat(failure.path("cmd").asText()).isEqualTo("send");
        assertThat(failure.path("error").asText()).contains("closed");
        assertThat(one.command("info", members()).has("name")).isTrue();
    }

    @Test
    void afterAResetTheNamesAreFreeAgain() throws Exception {
        one.connect(two, "0");
        one.event("open");
        one.command("reset", members());
        two.command("reset", members());

        one.connect(two, "0");

        assertThat(one.event("open").path("pc").asText()).isEqualTo("0");
    }

    @Test
    void quitIsAnsweredAndEndsIt() throws Exception {
        ObjectNode members = members();
        assertThat(one.command("quit", members).path("ok").asBoolean()).isTrue();

        assertThat(one.awaitEnd()).isEmpty();
    }

    @Test
    void theCommandWritesNothingElseAndEndsWithItsInput() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "dev.nearhand.app.Main",
                        "peer",
                        "--no-warm-up")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (DrivenPeer peer = new DrivenPeer(process.getOutputStream(), process.getInputStream())) {
            peer.connect(two, "0");
            peer.event("open");
            peer.endInput();

            assertThat(peer.awaitEnd()).isEmpty();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
