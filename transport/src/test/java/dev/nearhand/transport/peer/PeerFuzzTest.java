package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nearhand.transport.dtls.DtlsAdmission;
import dev.nearhand.transport.sim.SimWorld;
import dev.nearhand.transport.srtp.SrtpContext;
import dev.nearhand.transport.srtp.SrtpProfile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

class PeerFuzzTest {
    private static final int RECORD_HEADER_BYTES = 13;

    /// One datagram at the edge: to whom it goes, which records DTLS gets to see, what SRTP makes of it.
    @FuzzTest
    void datagram(byte[] datagram) {
        ByteBuffer bytes = ByteBuffer.wrap(datagram);
        Demux.Protocol protocol = Demux.classify(bytes);
        assertThat(bytes.remaining()).isEqualTo(datagram.length);
        switch (protocol) {
            case DTLS -> records(bytes);
            case RTP, RTCP -> {
                for (SrtpProfile profile : SrtpProfile.values()) {
                    unprotect(profile, datagram);
                }
            }
            case STUN, UNKNOWN -> {}
        }
    }

    private static void records(ByteBuffer datagram) {
        if (!DtlsAdmission.admits(datagram)) {
            return;
        }
        int records = 0;
        for (int at = 0; at < datagram.limit(); records++) {
            int length = datagram.getShort(at + RECORD_HEADER_BYTES - 2) & 0xFFFF;
            assertThat(datagram.get(at)).isBetween((byte) 20, (byte) 23);
            at += RECORD_HEADER_BYTES + length;
            assertThat(at).isLessThanOrEqualTo(datagram.limit());
        }
        assertThat(records).isPositive();
    }

    private static void unprotect(SrtpProfile profile, byte[] datagram) {
        SrtpContext context = new SrtpContext(profile, new byte[16], new byte[profile.saltBytes()]);
        ByteBuffer rtp = ByteBuffer.wrap(Arrays.copyOf(datagram, datagram.length));
        if (context.unprotectRtp(rtp) == null) {
            assertThat(rtp.remaining()).isLessThan(datagram.length);
        }
        ByteBuffer rtcp = ByteBuffer.wrap(Arrays.copyOf(datagram, datagram.length));
        if (context.unprotectRtcp(rtcp) == null) {
            assertThat(rtcp.remaining()).isLessThan(datagram.length);
        }
    }

    /// An offer is met or refused, and nothing else is thrown.
    @FuzzTest
    void offer(byte[] utf8) {
        SimWorld world = new SimWorld(1);
        SimPeer peer = new SimPeer(world, world.host("host", "192.0.2.1"));
        peer.node.run(now -> {
            try {
                peer.core.setRemoteDescription(now, SdpKind.OFFER, new String(utf8, StandardCharsets.UTF_8));
                peer.core.setLocalDescription(now, SdpKind.ANSWER, peer.core.createAnswer());
            } catch (NegotiationException refused) {
                assertThat(refused).hasMessageMatching("(?s).+");
            }
        });
        world.runForMillis(100);
    }
}
