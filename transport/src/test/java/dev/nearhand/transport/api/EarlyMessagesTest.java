package dev.nearhand.transport.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/// A peer may send before anyone listens, but not without end.
class EarlyMessagesTest {
    @Test
    void emptyMessagesThatNobodyTakesAreBoundedToo() {
        try (PeerConnection connection =
                PeerConnection.create(PeerConfig.defaults().withLoopback(true))) {
            DataChannel channel = connection.createDataChannel("deaf");
            channel.opened(Long.MAX_VALUE);
            DataChannelMessage empty = new DataChannelMessage(false, ByteBuffer.allocate(0));
            for (long i = 0; i < DataChannel.EARLY_LIMIT_BYTES / DataChannel.EARLY_MESSAGE_BYTES; i++) {
                channel.received(empty);
            }
            connection.stats(); // whatever was asked of the loop is done
            assertThat(channel.isOpen()).isTrue();
            channel.received(empty);
            connection.stats();
            assertThat(channel.isOpen()).isFalse();
        }
    }
}
