package dev.nearhand.transport.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

class RecordFuzzTest {
    private static final byte[] KEY = new byte[16];
    private static final byte[] SALT = new byte[4];
    private static final int MOST_DATAGRAMS = 100;
    private static final int HEAD_BYTES = 3;

    /// Whatever arrives after the handshake, from anybody or from the peer itself, is survived; only the peer can end
    /// the association, and what is owed to it stays bounded.
    @FuzzTest
    void records(byte[] script) {
        ByteBuffer input = ByteBuffer.wrap(script);
        RecordWriter peer = new RecordWriter(KEY, SALT);
        RecordLayer layer = new RecordLayer(new RecordReader(KEY, SALT), new RecordWriter(KEY, SALT), new byte[24], 1);
        boolean isPeer = false;
        for (int i = 0; i < MOST_DATAGRAMS && input.remaining() >= HEAD_BYTES; i++) {
            // the content's type when the peer sealed it, or 0; then its length
            int type = input.get() & 0xFF;
            boolean sealed = type != 0;
            isPeer |= sealed;
            byte[] content = new byte[Math.min(input.getShort() & 0x7FF, input.remaining())];
            input.get(content);
            layer.handleDatagram(ByteBuffer.wrap(sealed ? seal(peer, type, content) : content));
            int events = 0;
            boolean ended = false;
            for (DtlsEvent event = layer.pollEvent(); event != null; event = layer.pollEvent()) {
                events++;
                ended |= !(event instanceof DtlsEvent.ApplicationData data
                        && data.data().hasRemaining());
            }
            assertThat(layer.hasUnread()).isFalse();
            assertThat(events).isLessThanOrEqualTo(content.length / RecordHeader.BYTES + 1);
            assertThat(ended && !isPeer).isFalse();
        }
        drain(layer);
    }

    private static byte[] seal(RecordWriter peer, int type, byte[] content) {
        byte[] record = new byte[content.length + DtlsEndpoint.OVERHEAD_BYTES];
        peer.write(type, content, 0, content.length, record, 0);
        return record;
    }

    private static void drain(RecordLayer layer) {
        ByteBuffer into = ByteBuffer.allocate(DtlsEndpoint.LARGEST_BYTES);
        int datagrams = 0;
        while (layer.pollTransmit(into.clear())) {
            assertThat(DtlsAdmission.admits(into.flip())).isTrue();
            datagrams++;
        }
        assertThat(datagrams).isLessThanOrEqualTo(RecordLayer.MOST_WAITING);
    }
}
