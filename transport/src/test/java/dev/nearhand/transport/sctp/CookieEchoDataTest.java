package dev.nearhand.transport.sctp;

import static dev.nearhand.transport.sctp.HandPeer.only;
import static dev.nearhand.transport.sctp.HandPeer.sack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sctp.packet.Chunk;
import dev.nearhand.transport.sctp.packet.CookieAckChunk;
import dev.nearhand.transport.sctp.packet.CookieEchoChunk;
import dev.nearhand.transport.sctp.packet.DataChunk;
import dev.nearhand.transport.sctp.packet.ErrorCause;
import dev.nearhand.transport.sctp.packet.ErrorChunk;
import dev.nearhand.transport.sctp.packet.ForwardTsnChunk;
import dev.nearhand.transport.sctp.packet.InitAckChunk;
import dev.nearhand.transport.sctp.packet.InitBody;
import dev.nearhand.transport.sctp.packet.InitChunk;
import dev.nearhand.transport.sctp.packet.InterleavedDataChunk;
import dev.nearhand.transport.sctp.packet.OtherParameter;
import dev.nearhand.transport.sctp.packet.Parameter;
import dev.nearhand.transport.sctp.packet.ParameterType;
import dev.nearhand.transport.sim.LinkProfile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The COOKIE ECHO chunk "can be bundled with any pending outbound DATA chunks, but it MUST be the first chunk in the
/// packet and until the COOKIE ACK chunk is returned, the sender MUST NOT send any other packets to the peer"
/// ([RFC 9260 section 5.1](https://www.rfc-editor.org/rfc/rfc9260#section-5.1), step C).
class CookieEchoDataTest {
    private static final int LONGEST_WAIT_SECONDS = 60;

    private final HandPeer peer = new HandPeer();

    /// INIT goes out, and the peer's tag for it is known.
    private void connect() {
        peer.association.connect(peer.now);
        InitBody init = ((InitChunk) peer.drain().getFirst()).body();
        peer.tag = init.initiateTag();
        peer.localTsn = init.initialTsn();
        peer.packets.clear();
    }

    private static InitAckChunk initAck(int streams, long window, boolean interleaving) {
        InitBody plain = HandPeer.init(window, interleaving, false).body();
        List<Parameter> parameters = new ArrayList<>(plain.parameters());
        parameters.add(new OtherParameter(
                ParameterType.ZERO_CHECKSUM_ACCEPTABLE, ByteBuffer.allocate(4).putInt(0, 1)));
        parameters.add(new OtherParameter(ParameterType.STATE_COOKIE, ByteBuffer.allocate(200)));
        return new InitAckChunk(
                new InitBody(plain.initiateTag(), window, streams, streams, plain.initialTsn(), parameters));
    }

    private List<Chunk> giveInitAck() {
        return peer.give(initAck(100, 1 << 20, false));
    }

    private static List<Integer> tsns(List<Chunk> chunks) {
        return only(chunks, DataChunk.class).stream().map(DataChunk::tsn).toList();
    }

    @Test
    void whatWaitsGoesInThePacketOfTheCookieEchoAndNothingElseUntilItIsAnswered() {
        connect();
        peer.send(1, 100);
        peer.send(1, 3_000);
        List<Chunk> sent = giveInitAck();
        assertThat(peer.packets).hasSize(1);
        assertThat(sent.getFirst()).isInstanceOf(CookieEchoChunk.class);
        assertThat(tsns(sent)).containsExactly(peer.localTsn, peer.localTsn + 1);
        assertThat(peer.unchecked).as("RFC 9653 section 5.2").isFalse();
        assertThat(peer.send(1, 100)).isEqualTo(SendResult.ACCEPTED);
        assertThat(peer.drain()).isEmpty();
        // the answer, with the acknowledgement in the same packet
        List<Chunk> rest = peer.give(new CookieAckChunk(), sack(peer.localTsn + 1, 1 << 20));
        assertThat(peer.association.state()).isEqualTo(SctpState.ESTABLISHED);
        assertThat(tsns(rest)).startsWith(peer.localTsn + 2).hasSize(4 - 1);
        assertThat(peer.association.stats().retransmittedChunks()).isZero();
    }

    @Test
    void theOwnerHearsOfThePeerInTimeToSendSomethingAlong() {
        connect();
        peer.association.handleDatagram(peer.now, packet(initAck(7, 1 << 20, false)), VirtualPair.path(1, 2));
        assertThat(peer.association.pollEvent()).isEqualTo(new SctpEvent.PeerKnown(7));
        assertThat(peer.association.pollEvent()).isNull();
        assertThat(peer.send(7, 100)).isEqualTo(SendResult.NO_SUCH_STREAM);
        assertThat(peer.send(6, 100)).isEqualTo(SendResult.ACCEPTED);
        assertThat(tsns(peer.drain())).containsExactly(peer.localTsn);
        assertThat(peer.packets).hasSize(1);
        peer.give(new CookieAckChunk());
        assertThat(peer.events(SctpEvent.PeerKnown.class)).isEmpty(); // heard once, above
        assertThat(peer.events(SctpEvent.Established.class)).hasSize(1);
    }

    private ByteBuffer packet(Chunk chunk) {
        byte[] bytes = new byte[chunk.sizeBytes()];
        chunk.toBytes().get(bytes);
        return HandPeer.packet(peer.tag, bytes);
    }

    @Test
    void whatThePeerHasNoStreamForStaysBehind() {
        connect();
        peer.send(5, 100);
        peer.send(0, 100);
        List<Chunk> sent = peer.give(initAck(1, 1 << 20, false));
        assertThat(only(sent, DataChunk.class)).extracting(DataChunk::streamId).containsExactly(0);
        assertThat(peer.association.bufferedBytes()).isZero();
    }

    @Test
    void aPeerWithoutRoomGetsTheCookieAloneAndIsProbedOnceItStands() {
        connect();
        peer.send(1, 100);
        assertThat(only(peer.give(initAck(100, 0, false)), DataChunk.class)).isEmpty();
        assertThat(only(peer.give(new CookieAckChunk()), DataChunk.class)).isEmpty();
        assertThat(tsns(peer.pass(2 * VirtualPair.SECOND))).startsWith(peer.localTsn);
    }

    @Test
    void aRepeatedCookieEchoCarriesTheSameDataAgain() {
        connect();
        peer.send(1, 100);
        List<Chunk> first = giveInitAck();
        peer.packets.clear();
        peer.send(2, 100);
        List<Chunk> again = peer.pass(RetransmissionTimeout.INITIAL_NANOS);
        assertThat(peer.packets).hasSize(1);
        assertThat(again.getFirst()).isInstanceOf(CookieEchoChunk.class);
        // under the same number the same bytes, since the first packet may have come; what is new goes behind
        DataChunk same = only(again, DataChunk.class).getFirst();
        assertThat(same.tsn()).isEqualTo(peer.localTsn);
        assertThat(same.payload())
                .isEqualTo(only(first, DataChunk.class).getFirst().payload());
        assertThat(tsns(again)).containsExactly(peer.localTsn, peer.localTsn + 1);
        assertThat(peer.association.stats().congestionWindowBytes()).isGreaterThan(SctpConfig.DEFAULT_MAX_PACKET_BYTES);
        assertThat(peer.give(new CookieAckChunk(), sack(peer.localTsn + 1, 1 << 20)))
                .isEmpty();
        assertThat(only(peer.pass(20 * VirtualPair.SECOND), DataChunk.class)).isEmpty();
    }

    @Test
    void aPeerThatTakesTheCookieButNotTheDataGetsItAgain() {
        connect();
        peer.send(1, 100);
        giveInitAck();
        assertThat(peer.give(new CookieAckChunk())).isEmpty();
        assertThat(tsns(peer.pass(RetransmissionTimeout.INITIAL_NANOS))).containsExactly(peer.localTsn);
    }

    @Test
    void whatMayBeSentOnceOnlyIsGivenUpWithTheCookieAndForwardedOnceItStands() {
        connect();
        peer.association.send(
                peer.now, 3, false, new Reliability.MaxRetransmits(0), 53, ByteBuffer.wrap(new byte[100]));
        assertThat(tsns(giveInitAck())).containsExactly(peer.localTsn);
        List<Chunk> again = peer.pass(RetransmissionTimeout.INITIAL_NANOS);
        assertThat(again).hasOnlyElementsOfType(CookieEchoChunk.class);
        assertThat(peer.association.stats().abandonedMessages()).isEqualTo(1);
        assertThat(peer.give(new CookieAckChunk()))
                .containsExactly(new ForwardTsnChunk(peer.localTsn, List.of(new ForwardTsnChunk.Skipped(3, 0))));
        peer.give(sack(peer.localTsn, 1 << 20));
        assertThat(peer.pass(20 * VirtualPair.SECOND)).noneMatch(ForwardTsnChunk.class::isInstance);
    }

    @Test
    void whatExpiresWhileTheCookieIsOnItsWayIsNotRepeated() {
        connect();
        peer.association.send(peer.now, 3, false, new Reliability.MaxLifetime(100), 53, ByteBuffer.wrap(new byte[100]));
        giveInitAck();
        assertThat(peer.pass(RetransmissionTimeout.INITIAL_NANOS)).hasOnlyElementsOfType(CookieEchoChunk.class);
        assertThat(peer.give(new CookieAckChunk())).hasOnlyElementsOfType(ForwardTsnChunk.class);
    }

    /// Section 5.2.6: the peer has discarded the whole packet, and may ask for other terms the next time.
    @Test
    void aStaleCookieTakesTheDataBack() {
        connect();
        peer.send(1, 100);
        peer.send(2, 2_000);
        assertThat(tsns(giveInitAck())).hasSize(2);
        List<Chunk> anew = peer.give(new ErrorChunk(List.of(ErrorCause.withNumber(ErrorCause.STALE_COOKIE, 5))));
        assertThat(anew).hasOnlyElementsOfType(InitChunk.class);
        assertThat(peer.association.bufferedBytes()).isEqualTo(2_100);
        List<Chunk> sent = peer.give(initAck(100, 1 << 20, true));
        assertThat(sent.getFirst()).isInstanceOf(CookieEchoChunk.class);
        assertThat(only(sent, DataChunk.class)).isEmpty();
        List<InterleavedDataChunk> data = new ArrayList<>(only(sent, InterleavedDataChunk.class));
        assertThat(data.getFirst().tsn()).isEqualTo(peer.localTsn);
        int last = data.getLast().tsn();
        data.addAll(only(peer.give(new CookieAckChunk(), sack(last, 1 << 20)), InterleavedDataChunk.class));
        assertThat(data).allMatch(chunk -> chunk.mid() == 0);
        assertThat(data.stream().mapToInt(chunk -> chunk.payload().remaining()).sum())
                .isEqualTo(2_100);
    }

    /// Section 5.2.4, action B: the peer has begun once more, and knows nothing of what went to its old tag.
    @Test
    void whatWentToATagThatThePeerGaveUpIsSentToTheNewOne() {
        connect();
        peer.send(1, 100);
        giveInitAck();
        InitBody plain = HandPeer.init(1 << 20).body();
        InitBody anew = new InitBody(HandPeer.PEER_TAG + 1, 1 << 20, 100, 100, 77, plain.parameters());
        InitAckChunk ack = (InitAckChunk) peer.give(0, new InitChunk(anew)).getFirst();
        peer.packets.clear();
        List<Chunk> sent = peer.give(peer.tag, new CookieEchoChunk(HandPeer.cookie(ack)));
        assertThat(peer.association.state()).isEqualTo(SctpState.ESTABLISHED);
        assertThat(sent.getFirst()).isInstanceOf(CookieAckChunk.class);
        assertThat(tsns(sent)).containsExactly(peer.localTsn);
        assertThat(peer.give(sack(peer.localTsn, 1 << 20))).isEmpty();
        assertThat(only(peer.pass(20 * VirtualPair.SECOND), DataChunk.class)).isEmpty();
    }

    @Test
    void crossedSetUpsOfTheSamePeerKeepWhatWentWithTheCookie() {
        connect();
        peer.send(1, 100);
        giveInitAck();
        InitAckChunk ack = (InitAckChunk) peer.give(0, HandPeer.init(1 << 20)).getFirst();
        List<Chunk> sent = peer.give(
                peer.tag,
                new CookieEchoChunk(HandPeer.cookie(ack)),
                HandPeer.whole(HandPeer.PEER_TSN, 0, 0, "theirs"),
                sack(peer.localTsn, 1 << 20));
        assertThat(sent.getFirst()).isInstanceOf(CookieAckChunk.class);
        assertThat(only(sent, DataChunk.class)).isEmpty();
        assertThat(peer.received()).containsExactly("theirs");
        assertThat(only(peer.pass(20 * VirtualPair.SECOND), DataChunk.class)).isEmpty();
    }

    @Test
    void endsInOrderWhenItIsShutDownInTheMiddleOfTheSetUp() {
        connect();
        peer.send(1, 100);
        giveInitAck();
        peer.association.shutdown(peer.now);
        assertThat(peer.give(new CookieAckChunk())).isEmpty();
        assertThat(peer.association.state()).isEqualTo(SctpState.SHUTDOWN_PENDING);
        peer.give(sack(peer.localTsn, 1 << 20));
        assertThat(peer.association.state()).isEqualTo(SctpState.SHUTDOWN_SENT);
    }

    /// Every packet of the set-up is lost once, and every two of them.
    @Test
    void whateverPacketsOfTheSetUpAreLostEachMessageArrivesOnce() {
        for (int first = 0; first < 5; first++) {
            for (int second = first; second < 5; second++) {
                for (int way = 0; way < 4; way++) {
                    for (boolean both : new boolean[] {false, true}) {
                        losing(first, second, way, both);
                    }
                }
            }
        }
    }

    private static void losing(int first, int second, int way, boolean both) {
        SctpPair pair = new SctpPair(first + second, LinkProfile.perfect().withDelayMillis(20));
        pair.net.right.losesArrival = way % 2 == 0 ? index -> index == first : index -> false;
        pair.net.left.losesArrival = way / 2 == 0 ? index -> index == second : index -> false;
        byte[] early = SctpPair.bytes(1, 700);
        pair.send(1, early);
        pair.net.left.run(() -> pair.left.connect(pair.net.now()));
        if (both) {
            pair.net.right.run(() -> pair.right.connect(pair.net.now()));
        }
        pair.net.runFor(30 * VirtualPair.MILLI);
        byte[] late = SctpPair.bytes(2, 5_000);
        pair.send(1, late);
        String scene = "packets %d, %d, way %d, both %s".formatted(first, second, way, both);
        assertThat(pair.net.runUntil(() -> pair.receivedCount() == 2, LONGEST_WAIT_SECONDS * VirtualPair.SECOND))
                .as(scene)
                .isTrue();
        pair.net.runFor(5 * VirtualPair.SECOND);
        assertThat(pair.received()).as(scene).containsExactly(early, late);
        assertThat(pair.net.left.events(SctpEvent.Established.class)).as(scene).hasSize(1);
        assertThat(pair.net.right.events(SctpEvent.Established.class)).as(scene).hasSize(1);
    }

    @Test
    void messagesOfBothSidesArriveInOrderThroughBadLinesFromTheFirstPacketOn() {
        for (int seed = 0; seed < 200; seed++) {
            LinkProfile line = LinkProfile.perfect()
                    .withDelayMillis(20)
                    .withJitterMillis(10)
                    .withLoss(0.15)
                    .withDuplicate(0.05)
                    .withReorder(0.2);
            SctpPair pair = new SctpPair(seed, line);
            List<byte[]> messages = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                messages.add(SctpPair.bytes(seed * 10L + i, 1 + i * 450));
                pair.send(1, messages.get(i));
            }
            pair.net.left.run(() -> pair.left.connect(pair.net.now()));
            if (seed % 3 > 0) {
                pair.net.right.run(() -> pair.right.connect(pair.net.now()));
            }
            pair.net.right.run(() -> pair.right.send(
                    pair.net.now(), 2, false, Reliability.RELIABLE, 53, ByteBuffer.wrap(new byte[300])));
            assertThat(pair.net.runUntil(
                            () -> pair.receivedCount() == 6 && pair.left.stats().messagesReceived() == 1,
                            3 * LONGEST_WAIT_SECONDS * VirtualPair.SECOND))
                    .as("seed %d", seed)
                    .isTrue();
            assertThat(pair.received()).as("seed %d", seed).containsExactlyElementsOf(messages);
        }
    }
}
