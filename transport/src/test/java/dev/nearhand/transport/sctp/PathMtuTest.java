package dev.nearhand.transport.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sctp.packet.Chunk;
import dev.nearhand.transport.sctp.packet.DataChunk;
import dev.nearhand.transport.sctp.packet.HeartbeatChunk;
import dev.nearhand.transport.sctp.packet.PadChunk;
import dev.nearhand.transport.sim.LinkProfile;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// [RFC 8899](https://www.rfc-editor.org/rfc/rfc8899): packets as large as the path carries, and no larger.
class PathMtuTest {
    private static final int BASE = SctpConfig.DEFAULT_MAX_PACKET_BYTES;
    private static final int LARGEST = SctpConfig.DEFAULT_LARGEST_PACKET_BYTES;
    private static final LinkProfile LINE = LinkProfile.perfect().withDelayMillis(10);

    private static int found(SctpPair pair) {
        return pair.left.stats().packetBytes();
    }

    private static int largestSent(SctpPair pair) {
        return pair.net.left.sentBytes.stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
    }

    private static void deliver(SctpPair pair, int bytes) {
        long before = pair.receivedCount();
        byte[] message = SctpPair.bytes(7, bytes);
        pair.send(1, message);
        assertThat(pair.net.runUntil(() -> pair.receivedCount() > before, 120 * VirtualPair.SECOND))
                .as("%s", pair.left.stats())
                .isTrue();
        assertThat(pair.received().getLast()).isEqualTo(message);
    }

    @Test
    void aPathWithoutLimitIsFilledAfterTheFirstProbe() {
        SctpPair pair = new SctpPair(2, LINE).connected();
        deliver(pair, 100_000);
        assertThat(largestSent(pair)).isEqualTo(BASE);
        pair.net.runFor(2 * VirtualPair.SECOND);
        assertThat(found(pair)).isEqualTo(LARGEST);
        pair.net.left.sentBytes.clear();
        deliver(pair, 1_000_000);
        assertThat(largestSent(pair)).isBetween(LARGEST - 8, LARGEST);
        long full = pair.net.left.sentBytes.stream().filter(size -> size > BASE).count();
        assertThat(full).isGreaterThan(1_000_000 / LARGEST * 9L / 10);
    }

    @ParameterizedTest
    @ValueSource(ints = {1160, 1161, 1180, 1200, 1253, 1300, 1352, 1399, 1420, 1431, 1432})
    void theSizeOfTheNarrowestLinkIsFound(int mtu) {
        SctpPair pair = new SctpPair(1, LINE.withMtu(mtu)).connected();
        pair.net.runFor(60 * VirtualPair.SECOND);
        assertThat(found(pair)).isLessThanOrEqualTo(mtu).isGreaterThan(mtu - PathMtu.STEP_BYTES - 4);
        deliver(pair, 500_000);
        assertThat(pair.left.stats().retransmittedChunks()).isZero();
        assertThat(pair.left.stats().timeouts()).isZero();
    }

    /// Such as one that ends its program at a chunk that it does not know.
    @Test
    void aPeerThatDoesNotSayThatItKnowsPaddingGetsNone() {
        HandPeer peer = new HandPeer().established();
        for (int second = 0; second < 20; second++) {
            assertThat(peer.pass(VirtualPair.SECOND)).doesNotHaveAnyElementsOfTypes(PadChunk.class);
        }
        assertThat(peer.association.stats().packetBytes()).isEqualTo(BASE);
    }

    @Test
    void aLostProbeIsNoSignOfCongestion() {
        SctpPair pair = new SctpPair(1, LINE.withMtu(BASE)).connected();
        int window = pair.left.stats().congestionWindowBytes();
        pair.net.runFor(60 * VirtualPair.SECOND);
        assertThat(pair.left.stats().congestionWindowBytes()).isEqualTo(window);
        assertThat(pair.left.stats().fastRecoveries()).isZero();
        assertThat(pair.left.state()).isEqualTo(SctpState.ESTABLISHED);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whenThePathBecomesNarrowEverythingInFlightStillArrives(long seed) {
        SctpPair pair = new SctpPair(seed, LINE).connected();
        pair.net.runFor(2 * VirtualPair.SECOND);
        assertThat(found(pair)).isEqualTo(LARGEST);
        byte[] message = SctpPair.bytes(seed, 2_000_000);
        pair.send(1, message);
        pair.net.runFor(30 * VirtualPair.MILLI);
        pair.net.line(LINE.withMtu(1_200));
        assertThat(pair.net.runUntil(() -> pair.receivedCount() == 1, 60 * VirtualPair.SECOND))
                .as("%s", pair.left.stats())
                .isTrue();
        assertThat(pair.received().getFirst()).isEqualTo(message);
        deliver(pair, 100_000);
        assertThat(found(pair)).isLessThanOrEqualTo(1_200);
    }

    @Test
    void aNewPathIsSearchedAnew() {
        SctpPair pair = new SctpPair(1, LINE).connected();
        pair.net.runFor(2 * VirtualPair.SECOND);
        pair.net.left.run(() -> pair.left.onPathChanged(pair.net.now()));
        assertThat(found(pair)).isEqualTo(BASE);
        pair.net.runFor(2 * VirtualPair.SECOND);
        assertThat(found(pair)).isEqualTo(LARGEST);
    }

    @Test
    void aPathThatWasNarrowIsTriedAgainAfterTenMinutes() {
        SctpPair pair = new SctpPair(1, LINE.withMtu(1_200)).connected();
        pair.net.runFor(60 * VirtualPair.SECOND);
        pair.net.line(LINE);
        pair.net.runFor(500 * VirtualPair.SECOND);
        assertThat(found(pair)).isLessThanOrEqualTo(1_200);
        pair.net.runFor(60 * VirtualPair.SECOND);
        assertThat(found(pair)).isEqualTo(LARGEST);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void lossNeitherStopsTheSearchNorThePackets(long seed) {
        SctpPair pair = new SctpPair(seed, LINE.withLoss(0.1)).connected();
        for (int i = 0; i < 20; i++) {
            deliver(pair, 50_000);
            pair.net.runFor(VirtualPair.SECOND);
        }
        assertThat(found(pair)).isGreaterThan(BASE);
    }

    @Test
    void aPeerThatAnswersNoProbeIsLeftAloneAfterAWhile() {
        HandPeer peer = new HandPeer().padding().established();
        List<Chunk> sent = peer.pass(60_000_000_000L);
        List<PadChunk> probes = HandPeer.only(sent, PadChunk.class);
        // three of each size, and the interval is halved until it is short enough
        assertThat(probes.size()).isBetween(PathMtu.MAX_PROBES * 3, PathMtu.MAX_PROBES * 6);
        assertThat(HandPeer.only(peer.pass(300_000_000_000L), PadChunk.class)).isEmpty();
        assertThat(peer.association.stats().packetBytes()).isEqualTo(BASE);
    }

    @Test
    void aProbeIsAHeartbeatFilledUp() {
        HandPeer peer = new HandPeer().padding().established();
        List<Chunk> probe = peer.pass(PathMtu.BEGIN_NANOS);
        assertThat(probe).hasSize(2);
        HeartbeatChunk heartbeat = (HeartbeatChunk) probe.getFirst();
        assertThat(12 + heartbeat.sizeBytes() + probe.get(1).sizeBytes()).isEqualTo(LARGEST);
    }

    @Test
    void noFragmentIsLargerThanEveryPathCarries() {
        HandPeer peer = new HandPeer().padding().established();
        List<Chunk> probe = peer.pass(PathMtu.BEGIN_NANOS);
        peer.give(new dev.nearhand.transport.sctp.packet.HeartbeatAckChunk(((HeartbeatChunk) probe.getFirst()).info()));
        assertThat(peer.association.stats().packetBytes()).isEqualTo(LARGEST);
        peer.send(1, 20_000);
        List<DataChunk> data = HandPeer.only(peer.drain(), DataChunk.class);
        OptionalInt largest = data.stream().mapToInt(Chunk::sizeBytes).max();
        assertThat(largest.orElseThrow()).isLessThanOrEqualTo(BASE - 12);
    }

    @Test
    void nothingIsProbedWhereNothingLargerIsWanted() {
        SctpConfig config = SctpConfig.defaults().withPacketBytes(1160, 1160);
        HandPeer peer = new HandPeer(config).padding().established();
        assertThat(HandPeer.only(peer.pass(20_000_000_000L), PadChunk.class)).isEmpty();
    }

    @Test
    void fragmentsFillPacketsOfAnySize() {
        for (int size :
                IntStream.rangeClosed(BASE / 4, 2_250).map(each -> each * 4).toArray()) {
            PathMtu mtu = new PathMtu(
                    size,
                    size,
                    new dev.nearhand.transport.time.TimerTable<>(SctpTimer.class),
                    new RetransmissionTimeout(),
                    new java.util.SplittableRandom(1));
            assertThat(mtu.fragmentBytes(12)).isEqualTo(size - 12);
        }
    }
}
