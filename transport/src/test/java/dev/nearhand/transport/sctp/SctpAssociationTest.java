package dev.nearhand.transport.sctp;

import static dev.nearhand.transport.sctp.HandPeer.PEER_TSN;
import static dev.nearhand.transport.sctp.HandPeer.only;
import static dev.nearhand.transport.sctp.HandPeer.sack;
import static dev.nearhand.transport.sctp.HandPeer.whole;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sctp.packet.AbortChunk;
import dev.nearhand.transport.sctp.packet.Chunk;
import dev.nearhand.transport.sctp.packet.CookieEchoChunk;
import dev.nearhand.transport.sctp.packet.DataChunk;
import dev.nearhand.transport.sctp.packet.ErrorCause;
import dev.nearhand.transport.sctp.packet.ErrorChunk;
import dev.nearhand.transport.sctp.packet.ForwardTsnChunk;
import dev.nearhand.transport.sctp.packet.HeartbeatAckChunk;
import dev.nearhand.transport.sctp.packet.HeartbeatChunk;
import dev.nearhand.transport.sctp.packet.IncomingResetRequest;
import dev.nearhand.transport.sctp.packet.InitAckChunk;
import dev.nearhand.transport.sctp.packet.InitBody;
import dev.nearhand.transport.sctp.packet.InitChunk;
import dev.nearhand.transport.sctp.packet.OtherParameter;
import dev.nearhand.transport.sctp.packet.OutgoingResetRequest;
import dev.nearhand.transport.sctp.packet.ParameterType;
import dev.nearhand.transport.sctp.packet.ReconfigChunk;
import dev.nearhand.transport.sctp.packet.ReconfigResponse;
import dev.nearhand.transport.sctp.packet.SackChunk;
import dev.nearhand.transport.sctp.packet.ShutdownAckChunk;
import dev.nearhand.transport.sctp.packet.ShutdownChunk;
import dev.nearhand.transport.sctp.packet.ShutdownCompleteChunk;
import dev.nearhand.transport.sim.LinkProfile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How an association begins, lives and ends.
class SctpAssociationTest {
    private static final LinkProfile LOSSY = LinkProfile.perfect()
            .withDelayMillis(20)
            .withJitterMillis(10)
            .withLoss(0.2)
            .withDuplicate(0.05)
            .withReorder(0.2);

    @Test
    void oneSideAloneCanConnect() {
        // every third attempt fails here, so that one in some thousands gives up after its nine
        for (int seed = 0; seed < 170; seed++) {
            SctpPair pair = new SctpPair(seed, LOSSY);
            pair.net.left.run(() -> pair.left.connect(0));
            assertThat(pair.net.runUntil(
                            () -> pair.left.state() == SctpState.ESTABLISHED
                                    && pair.right.state() == SctpState.ESTABLISHED,
                            60 * VirtualPair.SECOND))
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    @Test
    void bothSidesCanConnectAtTheSameTime() {
        for (int seed = 0; seed < 200; seed++) {
            SctpPair pair = new SctpPair(seed, LOSSY).connected();
            pair.net.runFor(30 * VirtualPair.SECOND);
            assertThat(pair.net.left.events(SctpEvent.Established.class))
                    .as("seed %d", seed)
                    .hasSize(1);
            assertThat(pair.net.right.events(SctpEvent.Established.class))
                    .as("seed %d", seed)
                    .hasSize(1);
        }
    }

    @Test
    void advertisesExactlyWhatItSpeaks() {
        HandPeer peer = new HandPeer();
        peer.association.connect(0);
        InitChunk init = (InitChunk) peer.drain().getFirst();
        assertThat(HandPeer.parameter(init.body(), ParameterType.FORWARD_TSN_SUPPORTED)
                        .remaining())
                .isZero();
        assertThat(HandPeer.parameter(init.body(), ParameterType.SUPPORTED_EXTENSIONS))
                .isEqualTo(ByteBuffer.wrap(new byte[] {(byte) 130, (byte) 192, (byte) 132, 64, (byte) 194}));
        assertThat(HandPeer.parameter(init.body(), ParameterType.ZERO_CHECKSUM_ACCEPTABLE))
                .isEqualTo(ByteBuffer.wrap(new byte[] {0, 0, 0, 1}));
        assertThat(init.body().parameters()).hasSize(3);
    }

    @Test
    void reportsUnknownParametersThatAskForIt() {
        InitBody body = new InitBody(
                HandPeer.PEER_TAG,
                100_000,
                10,
                10,
                PEER_TSN,
                List.of(
                        new OtherParameter(0xC123, ByteBuffer.wrap(new byte[] {1, 2})),
                        new OtherParameter(0x8123, ByteBuffer.wrap(new byte[] {3})),
                        new OtherParameter(0x4123, ByteBuffer.wrap(new byte[] {4})),
                        new OtherParameter(0xC124, ByteBuffer.wrap(new byte[] {5}))));
        InitAckChunk ack =
                (InitAckChunk) new HandPeer().give(0, new InitChunk(body)).getFirst();
        assertThat(ack.body().parameters())
                .filteredOn(parameter -> parameter.type() == ParameterType.UNRECOGNIZED_PARAMETER)
                .hasSize(2);
    }

    @Test
    void aStaleOrForgedCookieIsRefused() {
        HandPeer peer = new HandPeer();
        InitAckChunk ack = (InitAckChunk) peer.give(0, HandPeer.init(1 << 20)).getFirst();
        ByteBuffer cookie = HandPeer.cookie(ack);
        byte[] forged = new byte[cookie.remaining()];
        cookie.get(cookie.position(), forged);
        forged[20] ^= 1;
        assertThat(peer.give(ack.body().initiateTag(), new CookieEchoChunk(ByteBuffer.wrap(forged))))
                .isEmpty();
        peer.now += 61 * VirtualPair.SECOND;
        List<Chunk> answer = peer.give(ack.body().initiateTag(), new CookieEchoChunk(cookie));
        assertThat(((ErrorChunk) answer.getFirst()).causes().getFirst().code()).isEqualTo(ErrorCause.STALE_COOKIE);
        assertThat(peer.association.state()).isEqualTo(SctpState.CLOSED);
    }

    @Test
    void givesUpOnAPeerThatNeverAnswers() {
        SctpPair pair = new SctpPair(1, LinkProfile.perfect().withDelayMillis(1).withLoss(1));
        pair.net.left.run(() -> pair.left.connect(0));
        pair.net.runFor(200 * VirtualPair.SECOND);
        assertThat(pair.net.left.events(SctpEvent.Closed.class)).hasSize(1);
        assertThat(pair.left.nextTimeoutNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void noticesAPeerThatHasGoneWithAndWithoutDataInFlight() {
        for (boolean data : new boolean[] {true, false}) {
            SctpPair pair = new SctpPair(1, LinkProfile.perfect()).connected();
            pair.net.line(LinkProfile.perfect().withDelayMillis(1).withLoss(1));
            if (data) {
                pair.send(1, new byte[10_000]);
            }
            pair.net.runFor(900 * VirtualPair.SECOND);
            assertThat(pair.net.left.events(SctpEvent.Closed.class)).hasSize(1);
        }
    }

    @Test
    void shutdownDeliversWhatIsQueuedAndEndsCleanly() {
        for (int seed = 0; seed < 200; seed++) {
            SctpPair pair = new SctpPair(seed, LOSSY).connected();
            for (int i = 0; i < 20; i++) {
                pair.send(i % 3, SctpPair.bytes(i, 3_000));
            }
            pair.net.left.run(() -> pair.left.shutdown(pair.net.now()));
            assertThat(pair.send(1, new byte[10])).isEqualTo(SendResult.NOT_OPEN);
            assertThat(pair.net.runUntil(() -> pair.left.isEnded() && pair.right.isEnded(), 300 * VirtualPair.SECOND))
                    .as("seed %d", seed)
                    .isTrue();
            assertThat(pair.received()).as("seed %d", seed).hasSize(20);
            assertThat(pair.net.left.events(SctpEvent.Closed.class).getFirst().clean())
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    @Test
    void bothSidesMayShutDownAtTheSameTime() {
        for (int seed = 0; seed < 100; seed++) {
            SctpPair pair = new SctpPair(seed, LOSSY).connected();
            pair.send(1, SctpPair.bytes(1, 20_000));
            pair.net.left.run(() -> pair.left.shutdown(pair.net.now()));
            pair.net.right.run(() -> pair.right.shutdown(pair.net.now()));
            assertThat(pair.net.runUntil(() -> pair.left.isEnded() && pair.right.isEnded(), 300 * VirtualPair.SECOND))
                    .as("seed %d", seed)
                    .isTrue();
            assertThat(pair.received()).as("seed %d", seed).hasSize(1);
        }
    }

    @Test
    void abortReachesThePeerWithItsCause() {
        HandPeer peer = new HandPeer().established();
        peer.association.abort(0, "enough");
        AbortChunk abort = (AbortChunk) peer.drain().getFirst();
        assertThat(abort.causes().getFirst().code()).isEqualTo(ErrorCause.USER_INITIATED_ABORT);
        assertThat(peer.association.nextTimeoutNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(peer.give(whole(PEER_TSN, 0, 0, "late"))).isEmpty();
    }

    @Test
    void anAbortEndsItAndNothingFollows() {
        HandPeer peer = new HandPeer().established();
        peer.send(1, 100_000);
        peer.give(new AbortChunk(false, List.of(ErrorCause.withText(ErrorCause.USER_INITIATED_ABORT, "bye"))));
        assertThat(peer.events(SctpEvent.Closed.class)).hasSize(1);
        assertThat(peer.pass(100 * VirtualPair.SECOND)).isEmpty();
        assertThat(peer.send(1, 10)).isEqualTo(SendResult.NOT_OPEN);
    }

    @Test
    void anAbortWithAWrongTagIsDropped() {
        HandPeer peer = new HandPeer().established();
        peer.give(peer.tag + 1, new AbortChunk(false, List.of()));
        peer.give(HandPeer.PEER_TAG, new AbortChunk(false, List.of()));
        assertThat(peer.association.state()).isEqualTo(SctpState.ESTABLISHED);
        peer.give(HandPeer.PEER_TAG, new AbortChunk(true, List.of()));
        assertThat(peer.association.isEnded()).isTrue();
    }

    @Test
    void aShutdownAckAfterTheEndIsStillAnswered() {
        HandPeer peer = new HandPeer().established();
        peer.association.shutdown(0);
        assertThat(peer.drain()).hasOnlyElementsOfType(ShutdownChunk.class);
        assertThat(peer.give(new ShutdownAckChunk())).hasOnlyElementsOfType(ShutdownCompleteChunk.class);
        assertThat(peer.association.isEnded()).isTrue();
        List<Chunk> again = peer.give(new ShutdownAckChunk());
        assertThat(again).containsExactly(new ShutdownCompleteChunk(true));
    }

    @Test
    void aPeerThatBeganAnewIsTakenBack() {
        HandPeer peer = new HandPeer().established();
        peer.send(1, 20_000);
        peer.drain();
        InitBody anew =
                new InitBody(99, 1 << 20, 10, 10, 5_000, HandPeer.init(1).body().parameters());
        InitAckChunk ack = (InitAckChunk) peer.give(0, new InitChunk(anew)).getFirst();
        assertThat(ack.body().initiateTag()).isNotEqualTo(peer.tag);
        peer.tag = ack.body().initiateTag();
        List<Chunk> resumed = peer.give(new CookieEchoChunk(HandPeer.cookie(ack)));
        assertThat(peer.events(SctpEvent.Restarted.class)).hasSize(1);
        peer.give(whole(5_000, 1, 0, "anew"));
        assertThat(peer.received()).containsExactly("anew");
        // the message that was sent in part begins again, under the new TSNs
        DataChunk first = only(resumed, DataChunk.class).getFirst();
        assertThat(first.tsn()).isEqualTo(ack.body().initialTsn());
        assertThat(first.isBegin()).isTrue();
    }

    @Test
    void acknowledgesEverySecondPacketAtOnceAndOneAloneAfterTheDelay() {
        HandPeer peer = new HandPeer().established();
        assertThat(peer.give(whole(PEER_TSN, 0, 0, "1"))).isEmpty();
        assertThat(peer.give(whole(PEER_TSN + 1, 0, 1, "2"))).hasOnlyElementsOfType(SackChunk.class);
        assertThat(peer.give(whole(PEER_TSN + 2, 0, 2, "3"))).isEmpty();
        assertThat(peer.pass(Receiver.DELAYED_SACK_NANOS)).hasOnlyElementsOfType(SackChunk.class);
        // a gap and a duplicate are told at once
        SackChunk gap = (SackChunk) peer.give(whole(PEER_TSN + 4, 0, 4, "5")).getFirst();
        assertThat(gap.gapCount()).isEqualTo(1);
        SackChunk duplicate = (SackChunk) peer.give(whole(PEER_TSN, 0, 0, "1")).getFirst();
        assertThat(duplicate.duplicates().getInt(0)).isEqualTo(PEER_TSN);
        assertThat(peer.give(
                        HandPeer.data(DataChunk.BEGIN | DataChunk.END | DataChunk.IMMEDIATE, PEER_TSN + 3, 0, 3, "4")))
                .hasOnlyElementsOfType(SackChunk.class);
    }

    @Test
    void retransmitsAfterThreeMissingReports() {
        HandPeer peer = new HandPeer().established();
        peer.send(1, 1_132 * 12);
        List<DataChunk> first = only(peer.drain(), DataChunk.class);
        assertThat(first).hasSize(11); // the initial window
        int lost = first.getFirst().tsn();
        peer.now += 50 * VirtualPair.MILLI;
        assertThat(only(peer.give(sack(lost - 1, 1 << 20, 2, 2)), DataChunk.class))
                .extracting(DataChunk::tsn)
                .doesNotContain(lost);
        peer.give(sack(lost - 1, 1 << 20, 2, 3));
        List<Chunk> third = peer.give(sack(lost - 1, 1 << 20, 2, 4));
        assertThat(only(third, DataChunk.class)).extracting(DataChunk::tsn).startsWith(lost);
        assertThat(peer.association.stats().fastRecoveries()).isEqualTo(1);
        assertThat(peer.association.stats().timeouts()).isZero();
    }

    @Test
    void retransmitsAfterATimeoutWithDoubledDelay() {
        HandPeer peer = new HandPeer().established();
        peer.send(1, 100);
        assertThat(only(peer.drain(), DataChunk.class)).hasSize(1);
        assertThat(only(peer.pass(RetransmissionTimeout.INITIAL_NANOS), DataChunk.class))
                .hasSize(1);
        assertThat(only(peer.pass(RetransmissionTimeout.INITIAL_NANOS), DataChunk.class))
                .isEmpty();
        assertThat(only(peer.pass(RetransmissionTimeout.INITIAL_NANOS), DataChunk.class))
                .hasSize(1);
        assertThat(peer.association.stats().congestionWindowBytes()).isEqualTo(SctpConfig.DEFAULT_MAX_PACKET_BYTES);
    }

    @Test
    void probesAWindowOfZeroAndGoesOnWhenItOpens() {
        HandPeer peer = new HandPeer().established(0);
        peer.send(1, 5_000);
        assertThat(only(peer.drain(), DataChunk.class)).isEmpty();
        List<Chunk> probes = new ArrayList<>(peer.pass(60 * VirtualPair.SECOND));
        assertThat(only(probes, DataChunk.class)).hasSizeBetween(3, 20);
        List<Chunk> open = peer.give(sack(peer.localTsn, 1 << 20));
        assertThat(only(open, DataChunk.class)).isNotEmpty();
    }

    @Test
    void neverEndsWhileAPeerWithAClosedWindowAnswers() {
        HandPeer peer = new HandPeer().established(0);
        peer.send(1, 5_000);
        for (int i = 0; i < 100; i++) {
            for (Chunk chunk : peer.pass(10 * VirtualPair.SECOND)) {
                if (chunk instanceof DataChunk) {
                    peer.give(sack(peer.localTsn - 1, 0));
                } else if (chunk instanceof HeartbeatChunk(ByteBuffer info)) {
                    peer.give(new HeartbeatAckChunk(info));
                }
            }
        }
        assertThat(peer.association.state()).isEqualTo(SctpState.ESTABLISHED);
    }

    @Test
    void sendsDataAgainThatAPeerAcknowledgedAndThrewAway() {
        HandPeer peer = new HandPeer().established();
        peer.send(1, 1_132 * 3);
        peer.drain();
        peer.give(sack(peer.localTsn - 1, 1 << 20, 2, 3));
        List<Chunk> again = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            again.addAll(peer.pass(2 * VirtualPair.SECOND));
            peer.give(sack(peer.localTsn, 1 << 20));
        }
        assertThat(only(again, DataChunk.class))
                .extracting(DataChunk::tsn)
                .contains(peer.localTsn, peer.localTsn + 1, peer.localTsn + 2);
    }

    @Test
    void abandonsAfterTheAllowedRetransmissionsAndSaysSo() {
        HandPeer peer = new HandPeer().established();
        peer.association.send(0, 3, false, new Reliability.MaxRetransmits(1), 53, ByteBuffer.wrap(new byte[100]));
        assertThat(only(peer.drain(), DataChunk.class)).hasSize(1);
        List<Chunk> sent = peer.pass(5 * VirtualPair.SECOND);
        assertThat(only(sent, DataChunk.class)).hasSize(1);
        assertThat(only(sent, ForwardTsnChunk.class))
                .first()
                .isEqualTo(new ForwardTsnChunk(peer.localTsn, List.of(new ForwardTsnChunk.Skipped(3, 0))));
        assertThat(peer.give(sack(peer.localTsn, 1 << 20))).isEmpty();
        assertThat(only(peer.pass(60 * VirtualPair.SECOND), ForwardTsnChunk.class))
                .isEmpty();
    }

    @Test
    void neverSendsWhatExpiredWhileItWaited() {
        HandPeer peer = new HandPeer().established(0);
        peer.association.send(0, 3, false, new Reliability.MaxLifetime(50), 53, ByteBuffer.wrap(new byte[100]));
        peer.now = 200 * VirtualPair.MILLI;
        List<Chunk> sent = peer.give(sack(peer.localTsn - 1, 1 << 20));
        assertThat(sent).isEmpty();
        assertThat(peer.association.bufferedBytes()).isZero();
        assertThat(peer.association.stats().abandonedMessages()).isEqualTo(1);
    }

    @Test
    void resetsStreamsOnlyAfterWhatIsQueuedWasSent() {
        HandPeer peer = new HandPeer().established();
        peer.send(1, 30_000);
        peer.association.resetStreams(0, List.of(1));
        List<Chunk> sent = peer.drain();
        assertThat(only(sent, ReconfigChunk.class)).isEmpty();
        assertThat(peer.send(1, 10)).isEqualTo(SendResult.STREAM_RESETTING);
        int last = peer.localTsn;
        for (int i = 0; i < 20 && only(sent, ReconfigChunk.class).isEmpty(); i++) {
            for (DataChunk chunk : only(sent, DataChunk.class)) {
                last = chunk.tsn();
            }
            sent = peer.give(sack(last, 1 << 20));
        }
        OutgoingResetRequest request = (OutgoingResetRequest)
                only(sent, ReconfigChunk.class).getFirst().parameters().getFirst();
        assertThat(request.streamIds()).containsExactly(1);
        peer.give(HandPeer.reconfig(new ReconfigResponse(request.requestSequence(), ReconfigResponse.PERFORMED)));
        assertThat(peer.events(SctpEvent.OutgoingStreamsReset.class)).hasSize(1);
        assertThat(peer.send(1, 10)).isEqualTo(SendResult.ACCEPTED);
        assertThat(only(peer.give(sack(request.lastTsn(), 1 << 20)), DataChunk.class))
                .allMatch(chunk -> chunk.ssn() == 0);
    }

    @Test
    void performsAnIncomingResetOnceItsDataHasArrived() {
        HandPeer peer = new HandPeer().established();
        ReconfigChunk request = HandPeer.reconfig(new OutgoingResetRequest(PEER_TSN, 0, PEER_TSN + 1, List.of(4)));
        assertThat(only(peer.give(request), ReconfigChunk.class)).isEmpty();
        assertThat(peer.give(request))
                .contains(HandPeer.reconfig(new ReconfigResponse(PEER_TSN, ReconfigResponse.IN_PROGRESS)));
        peer.give(whole(PEER_TSN, 4, 0, "a"));
        assertThat(peer.events(SctpEvent.IncomingStreamsReset.class)).isEmpty();
        peer.give(whole(PEER_TSN + 1, 4, 1, "b"));
        assertThat(peer.events(SctpEvent.IncomingStreamsReset.class)).hasSize(1);
        // asked once more, under the old number and under a new one: done, but not done twice
        assertThat(peer.give(request))
                .contains(HandPeer.reconfig(new ReconfigResponse(PEER_TSN, ReconfigResponse.PERFORMED)));
        assertThat(peer.give(HandPeer.reconfig(new OutgoingResetRequest(PEER_TSN + 1, 0, PEER_TSN + 1, List.of(4)))))
                .contains(HandPeer.reconfig(new ReconfigResponse(PEER_TSN + 1, ReconfigResponse.PERFORMED)));
        assertThat(peer.events(SctpEvent.IncomingStreamsReset.class)).hasSize(1);
        peer.give(whole(PEER_TSN + 2, 4, 0, "anew"));
        assertThat(peer.received()).containsExactly("a", "b", "anew");
    }

    @Test
    void refusesResetsOutOfSequenceAndKindsItDoesNotSpeak() {
        HandPeer peer = new HandPeer().established();
        assertThat(peer.give(HandPeer.reconfig(new OutgoingResetRequest(PEER_TSN + 5, 0, PEER_TSN - 1, List.of(4)))))
                .containsExactly(HandPeer.reconfig(new ReconfigResponse(PEER_TSN + 5, ReconfigResponse.BAD_SEQUENCE)));
        ByteBuffer addStreams = ByteBuffer.allocate(8).putInt(0, PEER_TSN);
        assertThat(peer.give(HandPeer.reconfig(new OtherParameter(17, addStreams))))
                .containsExactly(HandPeer.reconfig(new ReconfigResponse(PEER_TSN, ReconfigResponse.DENIED)));
    }

    @Test
    void resetsItsStreamsWhenThePeerAsksForIt() {
        HandPeer peer = new HandPeer().established();
        List<Chunk> answer = peer.give(HandPeer.reconfig(new IncomingResetRequest(PEER_TSN, List.of(6))));
        assertThat(only(answer, ReconfigChunk.class))
                .flatExtracting(ReconfigChunk::parameters)
                .hasAtLeastOneElementOfType(ReconfigResponse.class)
                .hasAtLeastOneElementOfType(OutgoingResetRequest.class);
    }

    @Test
    void answersHeartbeatsWithTheirOwnInformation() {
        HandPeer peer = new HandPeer().established();
        ByteBuffer info = ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5});
        assertThat(peer.give(new HeartbeatChunk(info))).containsExactly(new HeartbeatAckChunk(info));
    }

    @Test
    void everyPacketFitsADtlsRecordOf1200Bytes() {
        SctpPair pair = new SctpPair(3, LOSSY).connected();
        for (int i = 0; i < 100; i++) {
            pair.send(i % 5, SctpPair.bytes(i, 1 + i * 113));
        }
        pair.net.runFor(60 * VirtualPair.SECOND);
        assertThat(pair.net.left.sentBytes).isNotEmpty().allMatch(bytes -> bytes <= 1_432);
        assertThat(pair.net.right.sentBytes).allMatch(bytes -> bytes <= 1_432);
        assertThat(pair.net.left.sentBytes).anyMatch(bytes -> bytes == 1_160);
    }

    @Test
    void anIdleAssociationSendsOnlyHeartbeats() {
        SctpPair pair = new SctpPair(3, LinkProfile.perfect()).connected();
        pair.net.runFor(5 * VirtualPair.SECOND);
        long before = pair.net.packets();
        pair.net.runFor(300 * VirtualPair.SECOND);
        assertThat(pair.net.packets() - before).isBetween(20L, 44L);
    }
}
