package dev.nearhand.transport.payload;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// The payloads of one frame: each of the input's begins with its length.
class PayloadFuzzTest {
    private static final int MORE_PER_PAYLOAD_BYTES = 8;

    @FuzzTest
    void vp8(byte[] input) {
        depacketize(Codec.VP8, input);
        Vp8FrameHeader.peek(ByteBuffer.wrap(input));
    }

    @FuzzTest
    void vp9(byte[] input) {
        depacketize(Codec.VP9, input);
    }

    @FuzzTest
    void h264(byte[] input) {
        depacketize(Codec.H264, input);
        packetize(Codec.H264, input);
    }

    @FuzzTest
    void av1(byte[] input) {
        depacketize(Codec.AV1, input);
        packetize(Codec.AV1, input);
    }

    @FuzzTest
    void opusAndRed(byte[] input) {
        depacketize(Codec.OPUS, input);
        RedPayload red = RedPayload.parse(ByteBuffer.wrap(input));
        assertThat(red == null || red.data().remaining() < input.length).isTrue();
        DependencyDescriptor.parse(ByteBuffer.wrap(input));
    }

    private static void depacketize(Codec codec, byte[] input) {
        Depacketizer depacketizer = Depacketizer.of(codec);
        List<ByteBuffer> media = new ArrayList<>();
        ByteBuffer payloads = ByteBuffer.wrap(input);
        while (payloads.hasRemaining()) {
            int length = Math.min(payloads.get() & 0xFF, payloads.remaining());
            ByteBuffer payload = payloads.slice(payloads.position(), length);
            payloads.position(payloads.position() + length);
            Depacketizer.Piece piece = depacketizer.inspect(payload);
            assertThat(payload.remaining()).isEqualTo(length);
            if (piece != null) {
                assertThat(piece.descriptorBytes()).isBetween(0, length);
                media.add(payload.slice(piece.descriptorBytes(), length - piece.descriptorBytes()));
            }
        }
        byte[] frame = depacketizer.join(media);
        if (frame != null) {
            // a start code or a length for every few bytes
            assertThat(frame.length).isLessThanOrEqualTo(5 * input.length + MORE_PER_PAYLOAD_BYTES * media.size());
        }
    }

    /// What the other side's frames look like does not matter here, what our encoder's do: any bytes are survived.
    private static void packetize(Codec codec, byte[] frame) {
        if (frame.length > 0) {
            assertThat(Payloads.cut(Packetizer.of(codec, 0, false), frame, 100))
                    .allMatch(payload -> payload.length <= 100);
        }
    }
}
