package dev.nearhand.transport.sctp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.transport.sim.LinkProfile;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// [draft-hancke-tsvwg-snap](https://datatracker.ietf.org/doc/draft-hancke-tsvwg-snap/): INITs that came another way.
class SnapTest {
    private static SctpPair connected(long seed, LinkProfile line) {
        SctpPair pair = new SctpPair(seed, line);
        pair.net.left.run(() -> pair.left.connect(pair.net.now(), pair.right.localInit()));
        pair.net.right.run(() -> pair.right.connect(pair.net.now(), pair.left.localInit()));
        return pair;
    }

    @Test
    void bothStandWithoutAPacket() {
        SctpPair pair = connected(1, LinkProfile.perfect());
        assertThat(pair.left.state()).isEqualTo(SctpState.ESTABLISHED);
        assertThat(pair.right.state()).isEqualTo(SctpState.ESTABLISHED);
        assertThat(pair.net.packets()).isZero();
        assertThat(pair.net.left.events(SctpEvent.Established.class)).hasSize(1);
        pair.send(1, new byte[100]);
        pair.net.runFor(2 * VirtualPair.MILLI);
        assertThat(pair.receivedCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void carriesEverythingThroughABadLineThen(long seed) {
        SctpPair pair =
                connected(seed, LinkProfile.perfect().withDelayMillis(20).withLoss(0.1));
        byte[] message = SctpPair.bytes(seed, 200_000);
        pair.send(3, message);
        assertThat(pair.net.runUntil(() -> pair.receivedCount() == 1, 120 * VirtualPair.SECOND))
                .isTrue();
        assertThat(pair.received().getFirst()).isEqualTo(message);
        pair.net.left.run(() -> pair.left.shutdown(pair.net.now()));
        assertThat(pair.net.runUntil(pair.right::isEnded, 60 * VirtualPair.SECOND))
                .isTrue();
    }

    /// DTLS connects one side sooner, whose data may find the other still waiting.
    @Test
    void dataThatComesBeforeTheOtherSideHasBegunComesAgain() {
        SctpPair pair = new SctpPair(1, LinkProfile.perfect());
        pair.net.left.run(() -> pair.left.connect(pair.net.now(), pair.right.localInit()));
        pair.send(1, new byte[100]);
        pair.net.runFor(50 * VirtualPair.MILLI);
        assertThat(pair.receivedCount()).isZero();
        pair.net.right.run(() -> pair.right.connect(pair.net.now(), pair.left.localInit()));
        assertThat(pair.net.runUntil(() -> pair.receivedCount() == 1, 5 * VirtualPair.SECOND))
                .isTrue();
    }

    @Test
    void theChunkIsAlwaysTheSame() {
        SctpAssociation association = new HandPeer().association;
        ByteBuffer chunk = association.localInit();
        assertThat(chunk).isEqualTo(association.localInit());
        assertThat(SctpAssociation.isInit(chunk)).isTrue();
    }

    @Test
    void onlyOneWholeInitChunkIsTaken() {
        ByteBuffer chunk = new HandPeer().association.localInit();
        for (int length = 0; length < chunk.limit(); length++) {
            assertThat(SctpAssociation.isInit(chunk.slice(0, length)))
                    .as("%d bytes", length)
                    .isFalse();
        }
        ByteBuffer longer =
                ByteBuffer.allocate(chunk.limit() + 4).put(chunk.duplicate()).clear();
        assertThat(SctpAssociation.isInit(longer)).isFalse();
        ByteBuffer otherType = ByteBuffer.allocate(chunk.limit())
                .put(chunk.duplicate())
                .put(0, (byte) 2)
                .clear();
        assertThat(SctpAssociation.isInit(otherType)).isFalse();
        ByteBuffer noTag = ByteBuffer.allocate(chunk.limit())
                .put(chunk.duplicate())
                .putInt(4, 0)
                .clear();
        assertThat(SctpAssociation.isInit(noTag)).isFalse();
        assertThatThrownBy(() -> new HandPeer().association.connect(0, noTag))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
