package dev.nearhand.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnFramesTest {
    private static final String STUN = "0101000c2112a442000102030405060708090a0b002000080001a147e112a643";
    private static final String CHANNEL_DATA = "4000000501020304" + "05000000";
    private static final String EMPTY_CHANNEL_DATA = "40010000";

    private static List<String> cut(EmbeddedChannel channel) {
        List<String> messages = new ArrayList<>();
        for (ByteBuf message = channel.readInbound(); message != null; message = channel.readInbound()) {
            messages.add(ByteBufUtil.hexDump(message));
            message.release();
        }
        return messages;
    }

    @Test
    void aStreamIsCutIntoItsMessagesWhereverItsSegmentsEnd() {
        byte[] stream = HexFormat.of().parseHex(STUN + CHANNEL_DATA + EMPTY_CHANNEL_DATA + STUN);
        for (int segment = 1; segment <= stream.length; segment++) {
            EmbeddedChannel channel = new EmbeddedChannel(new TurnFrames());
            for (int at = 0; at < stream.length; at += segment) {
                channel.writeInbound(Unpooled.copiedBuffer(stream, at, Math.min(segment, stream.length - at)));
            }
            assertThat(cut(channel)).containsExactly(STUN, CHANNEL_DATA, EMPTY_CHANNEL_DATA, STUN);
            channel.finishAndReleaseAll();
        }
    }

    @Test
    void aMessageThatNeverEndsWaitsWithoutHarm() {
        EmbeddedChannel channel = new EmbeddedChannel(new TurnFrames());
        channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex("0101ffff2112a442")));
        assertThat(cut(channel)).isEmpty();
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(strings = {"80000000", "ffffffff", "c0000004"})
    void whatIsNeitherStunNorChannelDataEndsTheStream(String hex) {
        EmbeddedChannel channel = new EmbeddedChannel(new TurnFrames());
        assertThatThrownBy(() -> channel.writeInbound(
                        Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex))))
                .isInstanceOf(CorruptedFrameException.class);
        channel.finishAndReleaseAll();
    }
}
