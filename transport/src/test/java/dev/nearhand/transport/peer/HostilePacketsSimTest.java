package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sim.LinkProfile;
import dev.nearhand.transport.sim.SimWorld;
import dev.nearhand.transport.wire.Path;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A connection whose every packet is followed by damaged copies of it, from the same address: it must go on as if
/// they had not come.
class HostilePacketsSimTest {
    private static final int MESSAGES = 40;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void damagedCopiesOfEveryPacketChangeNothing(long seed) {
        SimWorld world = new SimWorld(seed);
        world.links(LinkProfile.perfect().withDelayMillis(10));
        Random random = new Random(seed);
        SimPeer host = new SimPeer(world, world.host("host", "192.0.2.1"), core -> new Damaging(core, random));
        SimPeer viewer = new SimPeer(world, world.host("viewer", "192.0.2.2"), core -> new Damaging(core, random));
        host.echoing();
        viewer.says(MESSAGES);
        SimPeer.negotiate(host, viewer, 5);
        assertThat(world.runUntil(() -> viewer.heard.size() >= MESSAGES, 60_000))
                .as("seed %d: %d of %d messages came back", seed, viewer.heard.size(), MESSAGES)
                .isTrue();
        world.runForMillis(2_000);
        assertThat(viewer.heard).hasSize(MESSAGES);
        for (int i = 0; i < MESSAGES; i++) {
            assertThat(viewer.heard.get(i)).isEqualTo(SimPeer.message(i));
        }
        assertThat(host.isConnected()).isTrue();
    }

    /// Hands each packet on, and then what becomes of it when bits flip, bytes vanish or bytes are added.
    ///
    /// What the stand-in for DTLS would believe is spared: it has no authentication of its own.
    private static final class Damaging extends ForwardingCore {
        private final Random random;

        Damaging(PeerCore core, Random random) {
            super(core);
            this.random = random;
        }

        @Override
        public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path path) {
            byte[] whole = new byte[borrowed.remaining()];
            borrowed.get(borrowed.position(), whole);
            super.handleDatagram(nowNanos, borrowed, path);
            if (whole[0] == 21 || whole[0] == 22) {
                return;
            }
            for (int copy = 0; copy < 3; copy++) {
                super.handleDatagram(nowNanos, ByteBuffer.wrap(damage(whole)), path);
            }
        }

        private byte[] damage(byte[] whole) {
            int keep = 1 + random.nextInt(whole.length);
            byte[] damaged = java.util.Arrays.copyOf(whole, random.nextInt(3) == 0 ? keep : whole.length);
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                int at = random.nextInt(damaged.length);
                // the first byte stays in its range, so that the same core gets to see it
                damaged[at] ^= (byte) (at == 0 ? 1 : 1 << random.nextInt(8));
            }
            return damaged;
        }
    }
}
