package dev.nearhand.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;

class TurnFramesFuzzTest {
    /// A stream in segments whose length the first byte says: whatever it holds, messages come out whole, and nothing
    /// of the stream is lost or invented before it is found to be none.
    @FuzzTest
    void stream(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int segment = 1 + (input[0] & 0xFF);
        EmbeddedChannel channel = new EmbeddedChannel(new TurnFrames());
        int written = 1;
        try {
            for (; written < input.length; written += segment) {
                int length = Math.min(segment, input.length - written);
                channel.writeInbound(Unpooled.copiedBuffer(input, written, length));
            }
        } catch (DecoderException noStream) {
            assertThat(noStream.getMessage()).isNotEmpty();
        }
        int read = 1;
        for (ByteBuf message = channel.readInbound(); message != null; message = channel.readInbound()) {
            for (int i = 0; i < message.readableBytes(); i++) {
                assertThat(message.getByte(i)).isEqualTo(input[read + i]);
            }
            read += message.readableBytes();
            message.release();
        }
        assertThat(read).isLessThanOrEqualTo(input.length);
        channel.finishAndReleaseAll();
    }
}
