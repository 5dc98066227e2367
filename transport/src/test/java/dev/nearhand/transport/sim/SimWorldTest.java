package dev.nearhand.transport.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SimWorldTest {
    /// Sends a numbered datagram every millisecond, and reports the number of each that arrives.
    private static final class Ticker implements ProtocolCore<Integer> {
        private final @Nullable Path path;
        private final int bytes;
        private final Deque<Integer> arrived = new ArrayDeque<>();
        private int remaining;
        private int due;
        private int next;
        private long nextNanos;

        @Nullable
        Path lastSeen;

        Ticker(@Nullable Path path, int count, int bytes) {
            this.path = path;
            this.remaining = count;
            this.bytes = bytes;
        }

        @Override
        public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path seen) {
            arrived.add(borrowed.getInt());
            lastSeen = seen;
        }

        @Override
        public void handleTimeout(long nowNanos) {
            if (remaining > 0 && nowNanos >= nextNanos) {
                remaining--;
                due++;
                nextNanos = nowNanos + 1_000_000;
            }
        }

        @Override
        public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
            if (due == 0 || path == null) {
                return null;
            }
            due--;
            into.putInt(next++);
            return new Transmit(path, bytes);
        }

        @Override
        public @Nullable Integer pollEvent() {
            return arrived.poll();
        }

        @Override
        public long nextTimeoutNanos() {
            return remaining > 0 ? nextNanos : TimerTable.NEVER;
        }
    }

    private final SimWorld world = new SimWorld(7);
    private final SimHost a = world.host("a", "192.0.2.1", "2001:db8::1");
    private final SimHost b = world.host("b", "192.0.2.2");

    private static SimNode<Integer> ticks(SimHost from, SimHost to, int count, int bytes) {
        SimNode<Integer> sender = from.start(1, new Ticker(new Path(from.at(1), to.at(2)), count, bytes), _ -> {});
        sender.run(_ -> {});
        return sender;
    }

    private static SimNode<Integer> listens(SimHost host) {
        return host.start(2, new Ticker(null, 0, 4), _ -> {});
    }

    @Test
    void aPerfectLinkDeliversEverythingInOrderAfterItsDelay() {
        SimNode<Integer> receiver = listens(b);
        ticks(a, b, 100, 4);
        world.runForMillis(99.9);
        assertThat(receiver.events()).hasSize(99);
        world.runForMillis(10);
        assertThat(receiver.events()).hasSize(100).isSorted();
        assertThat(world.now()).isEqualTo(109_900_000);
    }

    @Test
    void theSameSeedGivesTheSameTraceAndAnotherOneAnother() {
        assertThat(roughTrace(5)).isEqualTo(roughTrace(5)).isNotEqualTo(roughTrace(6));
    }

    private static long roughTrace(long seed) {
        SimWorld world = new SimWorld(seed);
        SimHost a = world.host("a", "192.0.2.1");
        SimHost b = world.host("b", "192.0.2.2");
        world.links(LinkProfile.rough(world.random()));
        listens(b);
        ticks(a, b, 500, 100);
        world.runForMillis(2_000);
        return world.traceHash();
    }

    @Test
    void lossDuplicationAndReorderingHappenAsOftenAsSaid() {
        world.links(LinkProfile.perfect().withLoss(0.1).withDuplicate(0.1).withReorder(0.1));
        SimNode<Integer> receiver = listens(b);
        ticks(a, b, 10_000, 4);
        world.runForMillis(20_000);
        assertThat(world.lost(a, b)).isBetween(800L, 1_200L);
        assertThat(receiver.events().size() - world.carried(a, b)).isBetween(700L, 1_100L);
        assertThat(receiver.events().stream().distinct().count()).isEqualTo(world.carried(a, b));
        long backwards = 0;
        for (int i = 1; i < receiver.events().size(); i++) {
            backwards += receiver.events().get(i) < receiver.events().get(i - 1) ? 1 : 0;
        }
        assertThat(backwards).isBetween(300L, 2_000L);
    }

    @Test
    void aSlowLinkQueuesAndThenDrops() {
        // 1,000 bytes a millisecond come in, 500 go out, 10,000 may wait
        world.links(LinkProfile.perfect().withRate(4_000_000, 10_000));
        SimNode<Integer> receiver = listens(b);
        ticks(a, b, 100, 1_000);
        world.runForMillis(500);
        assertThat(receiver.events().size()).isBetween(55, 65);
    }

    @Test
    void datagramsAboveTheMtuVanish() {
        world.links(LinkProfile.perfect().withMtu(1_200));
        SimNode<Integer> receiver = listens(b);
        ticks(a, b, 10, 1_201);
        world.runForMillis(100);
        assertThat(receiver.events()).isEmpty();
        assertThat(world.lost(a, b)).isEqualTo(10);
    }

    @Test
    void aNatShowsItsOwnAddressAndLetsInOnlyAnswers() {
        SimNat nat = world.nat("198.51.100.1", NatBehaviour.portRestrictedCone());
        SimHost inner = world.hostBehind(nat, "inner", "10.0.0.2");
        Ticker listener = new Ticker(null, 0, 4);
        SimNode<Integer> receiver = b.start(2, listener, _ -> {});
        Ticker innerCore = new Ticker(new Path(inner.at(1), b.at(2)), 1, 4);
        SimNode<Integer> sender = inner.start(1, innerCore, _ -> {});
        sender.run(_ -> {});
        world.runForMillis(10);
        assertThat(receiver.events()).hasSize(1);
        Path seen = listener.lastSeen;
        assertThat(seen).isNotNull();
        assertThat(seen.remote().getAddress()).isEqualTo(nat.outerAddress());

        b.start(2, new Ticker(new Path(b.at(2), seen.remote()), 1, 4), _ -> {}).run(_ -> {});
        b.start(3, new Ticker(new Path(b.at(3), seen.remote()), 1, 4), _ -> {}).run(_ -> {});
        world.runForMillis(10);
        assertThat(sender.events()).hasSize(1);
        assertThat(world.unroutable()).isEqualTo(1);
    }

    @Test
    void aSymmetricNatShowsEveryRemoteAnotherPort() {
        SimNat nat = world.nat("198.51.100.1", NatBehaviour.symmetric());
        assertThat(nat.translateOut(0, a.at(1), b.at(2))).isNotEqualTo(nat.translateOut(0, a.at(1), b.at(3)));
        assertThat(nat.translateOut(0, a.at(1), b.at(2))).isEqualTo(nat.translateOut(1, a.at(1), b.at(2)));
    }

    @Test
    void aMappingExpires() {
        SimNat nat = world.nat("198.51.100.1", NatBehaviour.fullCone());
        var outer = nat.translateOut(0, a.at(1), b.at(2));
        assertThat(nat.translateIn(1, outer, b.at(9))).isEqualTo(a.at(1));
        assertThat(nat.translateIn(121_000_000_000L, outer, b.at(9))).isNull();
    }

    @Test
    void aBrokenInvariantNamesTheSeedAndTheRule() {
        SimNode<Integer> receiver = listens(b);
        world.invariant("at most three arrive", () -> receiver.events().size() <= 3);
        ticks(a, b, 10, 4);
        assertThatThrownBy(() -> world.runForMillis(100))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 7")
                .hasMessageContaining("at most three arrive");
    }

    @Test
    void aStoppedNodeFallsSilent() {
        SimNode<Integer> receiver = listens(b);
        SimNode<Integer> sender = ticks(a, b, 100, 4);
        world.runForMillis(50.5);
        sender.stop();
        world.runForMillis(100);
        assertThat(receiver.events()).hasSize(51);
    }
}
