package dev.nearhand.transport.sctp;

import static dev.nearhand.transport.sctp.HandPeer.PEER_TSN;
import static dev.nearhand.transport.sctp.HandPeer.data;
import static dev.nearhand.transport.sctp.HandPeer.only;
import static dev.nearhand.transport.sctp.HandPeer.sack;
import static dev.nearhand.transport.sctp.HandPeer.whole;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sctp.packet.Chunk;
import dev.nearhand.transport.sctp.packet.CookieAckChunk;
import dev.nearhand.transport.sctp.packet.CookieEchoChunk;
import dev.nearhand.transport.sctp.packet.DataChunk;
import dev.nearhand.transport.sctp.packet.ErrorChunk;
import dev.nearhand.transport.sctp.packet.ForwardTsnChunk;
import dev.nearhand.transport.sctp.packet.HeartbeatAckChunk;
import dev.nearhand.transport.sctp.packet.HeartbeatChunk;
import dev.nearhand.transport.sctp.packet.InitAckChunk;
import dev.nearhand.transport.sctp.packet.SackChunk;
import dev.nearhand.transport.sim.LinkProfile;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Packets that broke other stacks, and the rule each of them stands for.
class SctpWireCasesTest {
    private static void stillWorks(HandPeer peer, int tsn, int ssn) {
        peer.give(whole(tsn, 5, ssn, "still here"));
        assertThat(peer.received()).last().isEqualTo("still here");
        assertThat(peer.association.state()).isEqualTo(SctpState.ESTABLISHED);
    }

    @Test
    void case25AForwardTsnBundledBeforeDataIsTakenFirst() {
        HandPeer peer = new HandPeer().established();
        peer.give(
                new ForwardTsnChunk(PEER_TSN + 1, List.of(new ForwardTsnChunk.Skipped(1, 1))),
                whole(PEER_TSN + 2, 1, 2, "after the gap"));
        assertThat(peer.received()).containsExactly("after the gap");
        stillWorks(peer, PEER_TSN + 3, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000", "0003", "0400", "ffff"})
    void case25AChunkLengthThatDoesNotFitEndsThePacketAndNothingElse(String length) {
        HandPeer peer = new HandPeer().established();
        String good =
                HexFormat.of().formatHex(whole(PEER_TSN, 5, 0, "good").toBytes().array());
        peer.giveHex(good + "0003" + length + "0000000b" + "0005" + "0001" + "00000035" + "41424344");
        assertThat(peer.received()).containsExactly("good");
        assertThat(peer.drops(DropReason.MALFORMED_CHUNK)).isEqualTo(1);
        peer.giveHex("0603" + length);
        stillWorks(peer, PEER_TSN + 1, 1);
    }

    @Test
    void case26AGapBlockFarBeyondWhatWasSentIsPassedOver() {
        HandPeer peer = new HandPeer().established();
        peer.send(1, 3_000);
        assertThat(only(peer.drain(), DataChunk.class)).hasSize(3);
        peer.give(sack(peer.localTsn - 1, 1 << 20, 0xFFFF, 0xFFFF));
        peer.give(sack(peer.localTsn - 1, 1 << 20, 0, 0, 3, 2, 2, 0xFFFF));
        assertThat(peer.drops(DropReason.BAD_SACK)).isEqualTo(4);
        peer.give(sack(peer.localTsn + 2, 1 << 20));
        assertThat(peer.association.stats().flightBytes()).isZero();
        stillWorks(peer, PEER_TSN, 0);
    }

    @Test
    void case26ASackForDataNeverSentIsPassedOver() {
        HandPeer peer = new HandPeer().established();
        peer.send(1, 100);
        peer.drain();
        peer.give(sack(peer.localTsn + 1, 1 << 20));
        peer.give(sack(peer.localTsn + 0x4000_0000, 1 << 20));
        peer.give(sack(peer.localTsn - 5, 1 << 20));
        assertThat(peer.drops(DropReason.BAD_SACK)).isEqualTo(2);
        assertThat(peer.drops(DropReason.OLD_SACK)).isEqualTo(1);
        assertThat(peer.association.stats().flightBytes()).isPositive();
        stillWorks(peer, PEER_TSN, 0);
    }

    @Test
    void case27TheSameStreamSequenceTwiceNeitherThrowsNorDeliversAMixture() {
        HandPeer peer = new HandPeer().established();
        peer.give(whole(PEER_TSN, 1, 0, "first"));
        peer.give(whole(PEER_TSN + 2, 1, 1, "whole"));
        List<Chunk> answer = peer.give(data(DataChunk.BEGIN, PEER_TSN + 1, 1, 1, "half"));
        // a message that begins inside another one breaks the rules: fragments have consecutive TSNs
        assertThat(peer.received()).containsExactly("first", "whole");
        peer.give(data(DataChunk.END, PEER_TSN + 3, 1, 1, "other half"));
        assertThat(peer.received()).containsExactly("first", "whole");
        assertThat(HandPeer.aborts(answer) || peer.association.state() == SctpState.ESTABLISHED)
                .isTrue();
    }

    @Test
    void case28DataBeforeInitIsDropped() {
        HandPeer peer = new HandPeer();
        peer.tag = 77;
        assertThat(peer.give(whole(PEER_TSN, 0, 0, "early"))).isEmpty();
        assertThat(peer.give(0, whole(PEER_TSN, 0, 0, "early"))).isEmpty();
        assertThat(peer.received()).isEmpty();
        stillWorks(peer.established(), PEER_TSN, 0);
    }

    @Test
    void case28CookieEchoBeforeInitIsDropped() {
        HandPeer peer = new HandPeer();
        assertThat(peer.give(77, new CookieEchoChunk(ByteBuffer.allocate(83)))).isEmpty();
        assertThat(peer.give(77, new CookieEchoChunk(ByteBuffer.allocate(0)))).isEmpty();
        assertThat(peer.association.state()).isEqualTo(SctpState.CLOSED);
        assertThat(peer.drops(DropReason.BAD_COOKIE)).isEqualTo(2);
        stillWorks(peer.established(), PEER_TSN, 0);
    }

    @Test
    void case28DataInThePacketOfTheCookieEchoIsTaken() {
        HandPeer peer = new HandPeer();
        InitAckChunk ack = (InitAckChunk) peer.give(0, HandPeer.init(1 << 20)).getFirst();
        List<Chunk> answer = peer.give(
                ack.body().initiateTag(),
                new CookieEchoChunk(HandPeer.cookie(ack)),
                whole(PEER_TSN, 0, 0, "with the cookie"),
                whole(PEER_TSN + 1, 0, 1, "and more"));
        assertThat(peer.received()).containsExactly("with the cookie", "and more");
        assertThat(answer.getFirst()).isInstanceOf(CookieAckChunk.class);
    }

    // case 29, the empty message of one zero byte, is tested with the data channels

    @Test
    void case30MessagesWithoutRetransmissionsAndWithoutLossForwardNothing() {
        SctpPair pair = new SctpPair(1, LinkProfile.perfect()).connected();
        for (int i = 0; i < 1_000; i++) {
            pair.send(1, false, new Reliability.MaxRetransmits(0), SctpPair.bytes(i, 500));
            pair.net.runFor(5 * VirtualPair.MILLI);
        }
        assertThat(pair.receivedCount()).isEqualTo(1_000);
        assertThat(pair.left.stats().forwardTsnsSent()).isZero();
    }

    @Test
    void dataWithoutDataEndsTheAssociation() {
        HandPeer peer = new HandPeer().established();
        assertThat(HandPeer.aborts(peer.give(whole(PEER_TSN, 0, 0, "")))).isTrue();
        assertThat(peer.events(SctpEvent.Closed.class)).hasSize(1);
    }

    @Test
    void aForwardTsnFarAheadIsSurvivedInBoundedTime() {
        HandPeer peer = new HandPeer().established();
        peer.give(data(DataChunk.BEGIN, PEER_TSN + 40_000, 1, 0, "far"));
        peer.give(new ForwardTsnChunk(PEER_TSN + 0x7FFF_0000, List.of()));
        peer.give(new ForwardTsnChunk(PEER_TSN + 3, List.of()));
        stillWorks(peer, PEER_TSN + 0x7FFF_0001, 0);
    }

    @Test
    void floodsOfControlChunksAreAnsweredWithinALimit() {
        HandPeer peer = new HandPeer().established();
        byte[] beat = new HeartbeatChunk(ByteBuffer.allocate(4)).toBytes().array();
        byte[] many = new byte[beat.length * 200];
        for (int i = 0; i < 200; i++) {
            System.arraycopy(beat, 0, many, i * beat.length, beat.length);
        }
        assertThat(only(peer.giveBytes(peer.tag, many), HeartbeatAckChunk.class))
                .hasSize(ControlQueue.LIMIT);
        stillWorks(peer, PEER_TSN, 0);
    }

    @Test
    void fragmentsThatNeverCompleteAreBoundedByTheWindow() {
        HandPeer peer = new HandPeer(SctpConfig.defaults().withBuffers(64 * 1024, 1 << 20, 1 << 20)).established();
        String kilobyte = "x".repeat(1_000);
        for (int i = 0; i < 2_000; i++) {
            peer.give(data(DataChunk.UNORDERED, PEER_TSN + 2 + i, 1, 0, kilobyte));
        }
        assertThat(peer.drops(DropReason.WINDOW_FULL)).isGreaterThan(1_800);
        for (int i = 0; i < 60_000; i += 2) {
            peer.give(data(DataChunk.UNORDERED | DataChunk.BEGIN, PEER_TSN + 3 + i, i % 90, 0, "y"));
        }
        assertThat(peer.association.state()).isEqualTo(SctpState.ESTABLISHED);
    }

    @Test
    void aMessageLargerThanAnnouncedEndsTheAssociation() {
        HandPeer peer = new HandPeer(SctpConfig.defaults().withBuffers(64 * 1024, 10_000, 10_000)).established();
        String kilobyte = "x".repeat(1_000);
        peer.give(data(DataChunk.BEGIN, PEER_TSN, 1, 0, kilobyte));
        List<Chunk> last = List.of();
        for (int i = 1; i <= 10 && !HandPeer.aborts(last); i++) {
            last = peer.give(data(0, PEER_TSN + i, 1, 0, kilobyte));
        }
        assertThat(HandPeer.aborts(last)).isTrue();
    }

    @Test
    void unknownChunksFollowTheirTwoHighestBits() {
        HandPeer peer = new HandPeer().established();
        String data0 =
                HexFormat.of().formatHex(whole(PEER_TSN, 5, 0, "0").toBytes().array());
        String data1 = HexFormat.of()
                .formatHex(whole(PEER_TSN + 1, 5, 1, "1").toBytes().array());
        assertThat(peer.giveHex("3f000004" + data0)).isEmpty();
        assertThat(peer.received()).isEmpty();
        assertThat(peer.giveHex("7f000004" + data0)).singleElement().isInstanceOf(ErrorChunk.class);
        assertThat(peer.received()).isEmpty();
        peer.giveHex("bf000004" + data0);
        assertThat(peer.received()).containsExactly("0");
        List<Chunk> answer = peer.giveHex("ff000004" + data1);
        assertThat(only(answer, ErrorChunk.class)).hasSize(1);
        assertThat(only(answer, SackChunk.class)).hasSize(1);
        assertThat(peer.received()).containsExactly("0", "1");
    }

    @Test
    void dataOnAStreamThatWasNotAgreedOnIsAcknowledgedAndReported() {
        HandPeer peer = new HandPeer().established();
        List<Chunk> answer = peer.give(whole(PEER_TSN, 100, 0, "?"));
        assertThat(only(answer, ErrorChunk.class)).hasSize(1);
        assertThat(peer.received()).isEmpty();
        stillWorks(peer, PEER_TSN + 1, 0);
    }
}
