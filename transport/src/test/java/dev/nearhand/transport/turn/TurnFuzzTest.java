package dev.nearhand.transport.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nearhand.transport.driver.CoreDriver;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.wire.Transmit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

class TurnFuzzTest {
    private static final int ID_OFFSET = 8;
    private static final int ID_BYTES = 12;
    private static final int MESSAGES_LIMIT = 50;

    @FuzzTest
    void channelData(byte[] message) {
        ChannelData data = ChannelData.parse(ByteBuffer.wrap(message));
        if (data != null) {
            assertThat(ChannelData.isLikely(ByteBuffer.wrap(message))).isTrue();
            int length = data.data().remaining();
            assertThat(length).isLessThanOrEqualTo(message.length - ChannelData.HEADER_BYTES);
            ByteBuffer again =
                    ByteBuffer.allocate(message.length + 3).put(data.data().duplicate());
            ChannelData.wrap(again, 0, length, data.channel(), true);
            assertThat(ChannelData.parse(again.flip())).isEqualTo(data);
        }
    }

    /// What a server may say: each message of the input begins with its length; those that can be get the id of the
    /// request that went out last, so that they are answers.
    @FuzzTest
    void client(byte[] input) throws Exception {
        InetSocketAddress base = new InetSocketAddress("192.0.2.1", 1);
        TurnServer server = new TurnServer(new InetSocketAddress("203.0.113.5", 2), "u", "p");
        TurnClient client = new TurnClient(base, server, false, new SplittableRandom(1), TurnConfig.defaults());
        client.allocate(0);
        byte[] id = new byte[ID_BYTES];
        ByteBuffer messages = ByteBuffer.wrap(input);
        for (int i = 0; messages.hasRemaining() && i < MESSAGES_LIMIT; i++) {
            long now = i * 100_000_000L;
            drain(now, client, id);
            int length = Math.min(messages.get() & 0xFF, messages.remaining());
            byte[] message = Arrays.copyOfRange(input, messages.position(), messages.position() + length);
            messages.position(messages.position() + length);
            if (length >= ID_OFFSET + ID_BYTES && message[0] < 0x40) {
                System.arraycopy(id, 0, message, ID_OFFSET, ID_BYTES);
            }
            client.handleDatagram(now, ByteBuffer.wrap(message), client.path());
            client.permit(now, InetAddress.ofLiteral("198.51.100.9"));
            client.bindChannel(now, new InetSocketAddress("198.51.100.9", 9));
            client.handleTimeout(now);
        }
    }

    private static void drain(long now, TurnClient client, byte[] id) {
        ByteBuffer into = ByteBuffer.allocate(CoreDriver.BUFFER_BYTES);
        for (Transmit next = client.pollTransmit(now, into.clear());
                next != null;
                next = client.pollTransmit(now, into.clear())) {
            into.get(ID_OFFSET, id);
            StunMessage.parse(into.flip());
        }
        while (client.pollEvent() != null) {
            continue; // nobody is interested in them
        }
    }
}
