package dev.nearhand.transport.sctp;

import static dev.nearhand.transport.sctp.HandPeer.only;
import static dev.nearhand.transport.sctp.HandPeer.sack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sctp.packet.DataChunk;
import dev.nearhand.transport.sim.LinkProfile;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/// RACK and tail-loss probes (RFC 8985), in virtual time.
class LossDetectionTest {
    private static final long RTT = 50 * VirtualPair.MILLI;

    /// A peer with which a round trip of 50 ms was measured; nothing is in flight.
    private static HandPeer measured() {
        HandPeer peer = new HandPeer().established();
        peer.send(1, 100);
        DataChunk chunk = only(peer.drain(), DataChunk.class).getFirst();
        peer.now += RTT;
        peer.give(sack(chunk.tsn(), 1 << 20));
        return peer;
    }

    private static DataChunk sent(HandPeer peer) {
        peer.send(1, 100);
        return only(peer.drain(), DataChunk.class).getFirst();
    }

    @Test
    void whatWasOvertakenIsWaitedForAQuarterOfARoundTripAndThenSentAgain() {
        HandPeer peer = measured();
        DataChunk lost = sent(peer);
        sent(peer);
        assertThat(only(peer.pass(RTT), DataChunk.class)).isEmpty();
        assertThat(only(peer.give(sack(lost.tsn() - 1, 1 << 20, 2, 2)), DataChunk.class))
                .isEmpty();
        assertThat(only(peer.pass(RTT / 5), DataChunk.class)).isEmpty();
        assertThat(only(peer.pass(RTT / 10), DataChunk.class))
                .extracting(DataChunk::tsn)
                .containsExactly(lost.tsn());
        assertThat(peer.association.stats().timeouts()).isZero();
    }

    @Test
    void whatWaitedThroughASilenceGoesOutAsSoonAsThePathIsBack() {
        HandPeer peer = measured();
        DataChunk lost = sent(peer);
        peer.pass(20 * VirtualPair.SECOND);
        long timeouts = peer.association.stats().timeouts();
        assertThat(timeouts).isPositive();
        peer.association.pathRestored(peer.now);
        assertThat(only(peer.pass(0), DataChunk.class))
                .extracting(DataChunk::tsn)
                .containsExactly(lost.tsn());
        assertThat(only(peer.pass(VirtualPair.SECOND), DataChunk.class))
                .as("again after short timeouts, not after what they had grown to")
                .isNotEmpty();
    }

    @Test
    void aPathThatOnlyChangedSendsNothingTwice() {
        HandPeer peer = measured();
        sent(peer);
        peer.association.pathRestored(peer.now);
        assertThat(only(peer.pass(RTT / 10), DataChunk.class)).isEmpty();
    }

    @Test
    void whatArrivesLateButInTimeIsNotSentAgain() {
        HandPeer peer = measured();
        DataChunk late = sent(peer);
        DataChunk next = sent(peer);
        peer.pass(RTT);
        peer.give(sack(late.tsn() - 1, 1 << 20, 2, 2));
        peer.pass(RTT / 5);
        peer.give(sack(next.tsn(), 1 << 20));
        assertThat(only(peer.pass(VirtualPair.SECOND), DataChunk.class)).isEmpty();
        assertThat(peer.association.stats().fastRecoveries()).isZero();
    }

    @Test
    void aRetransmissionThatIsLostTooIsFoundWithoutATimeout() {
        HandPeer peer = measured();
        DataChunk lost = sent(peer);
        sent(peer);
        peer.pass(RTT);
        peer.give(sack(lost.tsn() - 1, 1 << 20, 2, 2));
        assertThat(only(peer.pass(RTT / 2), DataChunk.class))
                .as("the retransmission and its copies")
                .isNotEmpty()
                .allMatch(chunk -> chunk.tsn() == lost.tsn());
        sent(peer);
        peer.pass(RTT);
        assertThat(only(peer.give(sack(lost.tsn() - 1, 1 << 20, 2, 3)), DataChunk.class))
                .extracting(DataChunk::tsn)
                .containsExactly(lost.tsn());
        assertThat(peer.association.stats().timeouts()).isZero();
    }

    @Test
    void aTailWithoutAnAnswerIsProbedOnceAfterTwoRoundTripsAndThenTimesOut() {
        HandPeer peer = measured();
        DataChunk tail = sent(peer);
        assertThat(tail.isImmediate()).isTrue();
        assertThat(only(peer.pass(2 * RTT - VirtualPair.MILLI), DataChunk.class))
                .isEmpty();
        assertThat(only(peer.pass(4 * VirtualPair.MILLI), DataChunk.class))
                .extracting(DataChunk::tsn)
                .containsExactly(tail.tsn());
        assertThat(peer.association.stats().tailProbes()).isEqualTo(1);
        assertThat(peer.association.stats().timeouts()).isZero();
        peer.pass(RetransmissionTimeout.MIN_NANOS);
        assertThat(peer.association.stats().tailProbes()).isEqualTo(1);
        assertThat(peer.association.stats().timeouts()).isEqualTo(1);
    }

    @Test
    void aProbeDoesNotRepeatWhatMustNotBeRepeated() {
        HandPeer peer = measured();
        peer.association.send(peer.now, 1, true, new Reliability.MaxRetransmits(0), 53, ByteBuffer.wrap(new byte[100]));
        assertThat(only(peer.drain(), DataChunk.class)).hasSize(1);
        assertThat(only(peer.pass(10 * VirtualPair.SECOND), DataChunk.class)).isEmpty();
    }

    @Test
    void theLastChunkOfALargeFlightDoesNotAskForAnAnswer() {
        HandPeer peer = measured();
        peer.send(1, 8_000);
        List<DataChunk> flight = only(peer.drain(), DataChunk.class);
        assertThat(flight).hasSizeGreaterThan(4).noneMatch(DataChunk::isImmediate);
    }

    /// Before RACK and probes: 175 ms; the best of the stacks in issue 4 has 202 ms.
    @Test
    void orderedInputOverFivePercentOfLossRarelyWaitsForMoreThanThreeRoundTrips() {
        PathFigures.Latencies figures = PathFigures.latencies(100, 40, 500, PathFigures.line(50, 0.05), 0);
        assertThat(figures.sortedMillis()).hasSize(40 * 500);
        assertThat(figures.percentile(50)).isLessThan(30);
        assertThat(figures.percentile(99)).isLessThan(150);
    }

    @Test
    void jitterCausesNoRetransmission() {
        for (int seed = 0; seed < 20; seed++) {
            LinkProfile line = LinkProfile.perfect().withDelayMillis(25).withJitterMillis(5);
            SctpPair pair = new SctpPair(seed, line).connected();
            for (int i = 0; i < 200; i++) {
                pair.send(1, SctpPair.bytes(i, 64));
                pair.net.runFor(20 * VirtualPair.MILLI);
            }
            pair.net.runFor(VirtualPair.SECOND);
            assertThat(pair.receivedCount()).isEqualTo(200);
            assertThat(pair.left.stats().retransmittedChunks())
                    .as("seed %d", seed)
                    .isZero();
        }
    }
}
