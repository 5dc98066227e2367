package dev.nearhand.transport.ice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunKey;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.TransactionId;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.Transmit;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PortRoutesTest {
    private static final InetSocketAddress HERE = new InetSocketAddress("192.0.2.1", 5_000);
    private static final InetSocketAddress THERE = new InetSocketAddress("192.0.2.2", 6_000);
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("192.0.2.3", 7_000);
    private static final ByteBuffer DTLS = ByteBuffer.wrap(new byte[] {22, 1, 2, 3});

    private final SplittableRandom random = new SplittableRandom(1);
    private final PortRoutes<String> routes = new PortRoutes<>();

    private TransactionId id() {
        return TransactionId.random(random);
    }

    private static ByteBuffer written(StunMessage message, @Nullable StunKey key) {
        ByteBuffer into = ByteBuffer.allocate(1_024);
        if (key == null) {
            message.writeWithFingerprint(into);
        } else {
            message.write(into, key);
        }
        return into.flip();
    }

    private ByteBuffer request(String username) {
        return written(
                StunMessage.binding(StunClass.REQUEST, id(), new StunAttribute.Username(username)),
                StunKey.shortTerm("a password that nobody verifies"));
    }

    private ByteBuffer response(StunClass kind, TransactionId id) {
        return written(StunMessage.binding(kind, id, new StunAttribute.XorMappedAddress(THERE)), null);
    }

    private void has(String connection, String... ufrags) {
        assertThat(routes.add(connection)).isTrue();
        routes.identify(connection, List.of(ufrags));
    }

    private void recognizes(String connection, InetSocketAddress remote) {
        routes.onSend(connection, response(StunClass.SUCCESS_RESPONSE, id()), remote);
    }

    private long count(String name) {
        return routes.counters().getOrDefault(name, 0L);
    }

    @Test
    void aCheckGoesToWhomItNamesAndWhatFollowsToWhoHasAnsweredIt() {
        has("one", "aaaaaaaa");
        has("two", "bbbbbbbb");
        assertThat(routes.find(DTLS, THERE)).isNull();
        assertThat(routes.find(request("bbbbbbbb:theirs"), THERE)).isEqualTo("two");
        assertThat(routes.find(DTLS, THERE)).as("before it is answered").isNull();
        recognizes("two", THERE);
        assertThat(routes.find(DTLS, THERE)).isEqualTo("two");
        assertThat(count("dropped.unknownAddress")).isEqualTo(2);
    }

    @Test
    void aCheckThatIsRefusedMovesNoAddress() {
        has("one", "aaaaaaaa");
        has("two", "bbbbbbbb");
        recognizes("one", THERE);
        assertThat(routes.find(request("bbbbbbbb:forged"), THERE)).isEqualTo("two");
        routes.onSend("two", response(StunClass.ERROR_RESPONSE, id()), THERE);
        assertThat(routes.find(DTLS, THERE)).isEqualTo("one");
        assertThat(count("moved.addresses")).isZero();
    }

    @Test
    void anAddressMovesWithACheckThatIsAnswered() {
        has("one", "aaaaaaaa");
        has("two", "bbbbbbbb");
        recognizes("one", THERE);
        recognizes("two", THERE);
        assertThat(routes.find(DTLS, THERE)).isEqualTo("two");
        assertThat(count("moved.addresses")).isEqualTo(1);
        routes.remove("one");
        assertThat(routes.find(DTLS, THERE)).as("what has moved stays").isEqualTo("two");
    }

    @Test
    void onlyAnAgentThatKnowsThePasswordMovesAnAddress() {
        IceCredentials ours = IceCredentials.generate(random);
        IceAgent agent = new IceAgent(IceRole.CONTROLLED, ours, random, IceConfig.defaults());
        agent.addLocalCandidate(0, Candidate.host(HERE, 1));
        has("one", "aaaaaaaa");
        has("two", ours.ufrag());
        recognizes("one", THERE);

        for (String password : List.of("not the password of the agent", ours.pwd())) {
            ByteBuffer check = written(
                    StunMessage.binding(
                            StunClass.REQUEST,
                            id(),
                            new StunAttribute.Username(ours.ufrag() + ":theirs"),
                            new StunAttribute.Priority(1),
                            new StunAttribute.IceControlling(1)),
                    StunKey.shortTerm(password));
            assertThat(routes.find(check, THERE)).isEqualTo("two");
            agent.handleDatagram(0, check, new Path(HERE, THERE));
            ByteBuffer out = ByteBuffer.allocate(1_500);
            for (Transmit next = agent.pollTransmit(0, out); next != null; next = agent.pollTransmit(0, out)) {
                routes.onSend("two", out.flip(), next.path().remote());
                out.clear();
            }
            assertThat(routes.find(DTLS, THERE)).isEqualTo(password.equals(ours.pwd()) ? "two" : "one");
        }
    }

    @Test
    void bothFragmentsOfARestartAreKnown() {
        has("one", "before00");
        routes.identify("one", List.of("before00", "after000"));
        assertThat(routes.find(request("before00:x"), THERE)).isEqualTo("one");
        assertThat(routes.find(request("after000:x"), THERE)).isEqualTo("one");
        routes.identify("one", List.of("after000"));
        assertThat(routes.find(request("before00:x"), THERE)).as("late ones").isEqualTo("one");
        for (int i = 0; i < PortRoutes.UFRAGS_LIMIT; i++) {
            routes.identify("one", List.of("again00" + i));
        }
        assertThat(routes.find(request("before00:x"), THERE)).isNull();
        assertThat(routes.find(request("again003:x"), THERE)).isEqualTo("one");
    }

    @Test
    void anAnswerGoesToWhoAskedThoughAnotherHasTheAddress() {
        has("one", "aaaaaaaa");
        has("two", "bbbbbbbb");
        recognizes("one", THERE);
        TransactionId id = id();
        ByteBuffer question = written(StunMessage.binding(StunClass.REQUEST, id), null);
        routes.onSend("two", question, THERE);
        assertThat(question.position()).as("not changed").isZero();
        ByteBuffer answer = response(StunClass.SUCCESS_RESPONSE, id);
        assertThat(routes.find(answer, THERE)).isEqualTo("two");
        assertThat(answer.position()).as("not changed").isZero();
        assertThat(routes.find(DTLS, THERE)).as("no answer moves an address").isEqualTo("one");
        assertThat(routes.find(response(StunClass.SUCCESS_RESPONSE, id()), ELSEWHERE))
                .isNull();
        assertThat(count("dropped.unknownTransaction")).isEqualTo(1);
    }

    @Test
    void anAgentThatNeverAsksIsKnownByItsAnswer() {
        has("one", "aaaaaaaa");
        TransactionId id = id();
        routes.onSend("one", written(StunMessage.binding(StunClass.REQUEST, id), null), THERE);
        assertThat(routes.find(response(StunClass.SUCCESS_RESPONSE, id), ELSEWHERE))
                .as("from an address that was not asked: the agent has to see it")
                .isEqualTo("one");
        assertThat(routes.find(DTLS, ELSEWHERE)).isNull();
        assertThat(routes.find(response(StunClass.SUCCESS_RESPONSE, id), THERE)).isEqualTo("one");
        assertThat(routes.find(DTLS, THERE)).isEqualTo("one");
    }

    @Test
    void nothingIsKnownOfAConnectionThatIsGone() {
        has("one", "aaaaaaaa");
        recognizes("one", THERE);
        TransactionId id = id();
        routes.onSend("one", written(StunMessage.binding(StunClass.REQUEST, id), null), THERE);
        routes.remove("one");
        recognizes("one", THERE);
        routes.identify("one", List.of("cccccccc"));
        assertThat(routes.find(DTLS, THERE)).isNull();
        assertThat(routes.find(request("aaaaaaaa:x"), THERE)).isNull();
        assertThat(routes.find(request("cccccccc:x"), THERE)).isNull();
        assertThat(routes.find(response(StunClass.SUCCESS_RESPONSE, id), THERE)).isNull();
        assertThat(routes.size()).isZero();
    }

    @Test
    void aFragmentStaysWithItsFirstOwner() {
        has("one", "aaaaaaaa");
        has("two", "aaaaaaaa");
        assertThat(routes.find(request("aaaaaaaa:x"), THERE)).isEqualTo("one");
        routes.remove("two");
        assertThat(routes.find(request("aaaaaaaa:x"), THERE)).isEqualTo("one");
        assertThat(count("ignored.ufragTaken")).isEqualTo(1);
    }

    @Test
    void everyTableIsBounded() {
        for (int i = 0; i < PortRoutes.CONNECTIONS_LIMIT; i++) {
            assertThat(routes.add("number " + i)).isTrue();
        }
        assertThat(routes.add("one too many")).isFalse();
        assertThat(routes.connections()).hasSize(PortRoutes.CONNECTIONS_LIMIT);
        for (int port = 1; port <= PortRoutes.ADDRESSES_LIMIT + 1; port++) {
            recognizes("number 0", new InetSocketAddress("192.0.2.9", port));
        }
        assertThat(routes.find(DTLS, new InetSocketAddress("192.0.2.9", 1))).isNull();
        assertThat(routes.find(DTLS, new InetSocketAddress("192.0.2.9", 2))).isEqualTo("number 0");
        TransactionId first = id();
        routes.onSend("number 0", written(StunMessage.binding(StunClass.REQUEST, first), null), THERE);
        for (int i = 0; i < PortRoutes.QUESTIONS_LIMIT; i++) {
            routes.onSend("number 0", written(StunMessage.binding(StunClass.REQUEST, id()), null), THERE);
        }
        assertThat(routes.find(response(StunClass.SUCCESS_RESPONSE, first), THERE))
                .isNull();
    }

    @Test
    void noiseIsDroppedAndCountedOrGoesToWhoseAddressItComesFrom() {
        has("one", "aaaaaaaa");
        recognizes("one", THERE);
        Random noise = new Random(1);
        ByteBuffer good = request("aaaaaaaa:x");
        int dropped = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[i % 2 == 0 ? noise.nextInt(100) : good.remaining()];
            if (i % 2 == 0) {
                noise.nextBytes(bytes);
            } else {
                good.duplicate().get(bytes);
                bytes[noise.nextInt(bytes.length)] ^= (byte) (1 << noise.nextInt(8));
            }
            assertThat(routes.find(ByteBuffer.wrap(bytes), THERE)).isEqualTo("one");
            dropped += routes.find(ByteBuffer.wrap(bytes), ELSEWHERE) == null ? 1 : 0;
        }
        assertThat(routes.counters().values().stream().mapToLong(n -> n).sum()).isEqualTo(dropped);
        assertThat(dropped).isGreaterThan(19_000);
    }
}
