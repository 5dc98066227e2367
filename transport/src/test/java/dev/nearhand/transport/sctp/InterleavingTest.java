package dev.nearhand.transport.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sctp.packet.Chunk;
import dev.nearhand.transport.sctp.packet.DataChunk;
import dev.nearhand.transport.sctp.packet.InterleavedDataChunk;
import dev.nearhand.transport.sctp.packet.InterleavedForwardTsnChunk;
import dev.nearhand.transport.sim.LinkProfile;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/// I-DATA and the turns that streams take with it (RFC 8260).
class InterleavingTest {
    private static final int WHOLE = DataChunk.BEGIN | DataChunk.END;
    private static final int TSN = HandPeer.PEER_TSN;

    private static InterleavedDataChunk data(int flags, int tsn, int stream, int mid, int fsn, String text) {
        return new InterleavedDataChunk(
                flags,
                tsn,
                stream,
                mid,
                (flags & DataChunk.BEGIN) == 0 ? 0 : 53,
                fsn,
                ByteBuffer.wrap(text.getBytes()));
    }

    private static HandPeer peer() {
        return new HandPeer().interleaving().established();
    }

    @Test
    void isSpokenOnlyWhenBothOfferIt() {
        for (int seed = 0; seed < 20; seed++) {
            SctpConfig with = SctpConfig.defaults();
            LinkProfile line = LinkProfile.perfect().withDelayMillis(5).withLoss(0.1);
            SctpPair pair = new SctpPair(
                            seed, line, with.withInterleaving(seed % 2 == 0), with.withInterleaving(seed % 2 == 1))
                    .connected();
            byte[] message = SctpPair.bytes(seed, 100_000);
            pair.send(1, message);
            assertThat(pair.net.runUntil(() -> pair.receivedCount() == 1, 60 * VirtualPair.SECOND))
                    .isTrue();
            assertThat(pair.received().getFirst()).isEqualTo(message);
        }
        HandPeer old = new HandPeer().established();
        old.send(1, 10);
        assertThat(HandPeer.only(old.drain(), DataChunk.class)).hasSize(1);
        HandPeer modern = peer();
        modern.send(1, 10);
        assertThat(HandPeer.only(modern.drain(), InterleavedDataChunk.class)).hasSize(1);
    }

    @Test
    void fragmentsOfSeveralMessagesMayBeMixedAndComeInAnyOrder() {
        HandPeer peer = peer();
        peer.give(data(DataChunk.BEGIN, TSN, 1, 0, 0, "a"), data(DataChunk.BEGIN, TSN + 1, 2, 0, 0, "x"));
        peer.give(data(DataChunk.END, TSN + 4, 1, 0, 2, "c"));
        peer.give(data(WHOLE, TSN + 5, 3, 0, 0, "at once"));
        assertThat(peer.received()).containsExactly("at once");
        peer.give(data(0, TSN + 2, 1, 0, 1, "b"));
        peer.give(data(DataChunk.END, TSN + 3, 2, 0, 1, "y"));
        assertThat(peer.received()).containsExactly("at once", "abc", "xy");
    }

    @Test
    void messagesOfAStreamKeepTheirOrderUnlessTheyAreUnordered() {
        HandPeer peer = peer();
        peer.give(data(WHOLE, TSN + 1, 1, 1, 0, "second"));
        peer.give(data(WHOLE | DataChunk.UNORDERED, TSN + 2, 1, 7, 0, "whenever"));
        assertThat(peer.received()).containsExactly("whenever");
        peer.give(data(WHOLE, TSN, 1, 0, 0, "first"));
        assertThat(peer.received()).containsExactly("whenever", "first", "second");
    }

    @Test
    void whatThePeerHasAbandonedIsNotWaitedFor() {
        HandPeer peer = peer();
        peer.give(data(DataChunk.BEGIN, TSN, 1, 0, 0, "lost "), data(WHOLE, TSN + 2, 1, 1, 0, "next"));
        assertThat(peer.received()).isEmpty();
        peer.give(
                new InterleavedForwardTsnChunk(TSN + 1, List.of(new InterleavedForwardTsnChunk.Skipped(1, false, 0))));
        assertThat(peer.received()).containsExactly("next");
    }

    @Test
    void aPeerThatMixesDataAndInterleavedDataIsCutOff() {
        List<Chunk> answer = peer().give(HandPeer.whole(TSN, 1, 0, "old"));
        assertThat(HandPeer.aborts(answer)).isTrue();
        answer = new HandPeer().established().give(data(WHOLE, TSN, 1, 0, 0, "new"));
        assertThat(HandPeer.aborts(answer)).isTrue();
    }

    @Test
    void aPeerThatBeginsMoreThanThisSideTakesIsCutOff() {
        SctpConfig small = SctpConfig.defaults().withBuffers(1 << 20, 1 << 20, 10_000);
        HandPeer peer = new HandPeer(small).interleaving().established();
        String text = "x".repeat(1_000);
        List<Chunk> answer = List.of();
        int begun = 0;
        for (; begun < 100 && !HandPeer.aborts(answer); begun++) {
            answer = peer.give(data(DataChunk.BEGIN, TSN + begun, begun % 100, begun / 100, 0, text));
        }
        assertThat(begun).isEqualTo(21);
    }

    @Test
    void aSmallMessageDoesNotWaitForALargeOne() {
        PathFigures.Latencies alone = PathFigures.latencies(1, 5, 200, PathFigures.line(50, 0), 0);
        LinkProfile line = PathFigures.line(50, 0).withRate(100_000_000L, 64 * 1024);
        PathFigures.Latencies beside = PathFigures.latencies(1, 5, 200, line, 16 << 20);
        assertThat(beside.sortedMillis()).hasSize(5 * 200);
        assertThat(beside.percentile(50)).isLessThan(alone.percentile(50) + 10);
    }

    @Test
    void streamsShareByTheirPriorities() {
        SctpPair pair =
                new SctpPair(2, LinkProfile.perfect().withDelayMillis(5).withRate(10_000_000L, 64 * 1024)).connected();
        pair.left.setPriority(1, 1024);
        pair.left.setPriority(2, 256);
        byte[] message = SctpPair.bytes(1, 2 << 20);
        pair.send(1, message);
        pair.send(2, message);
        pair.net.runUntil(() -> pair.receivedCount() == 1, 60 * VirtualPair.SECOND);
        // a fifth of what left, while the first took four fifths
        assertThat(message.length - pair.left.bufferedBytes(2)).isBetween(message.length / 5L, message.length / 3L);
    }
}
