package dev.nearhand.transport.turn.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunKey;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunParse;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class TurnServerFuzzTest {
    private static final int MESSAGES_LIMIT = 60;
    private static final StunKey KEY = StunKey.longTerm("user", HandClient.REALM, "password");

    /// Messages of clients and peers, each behind its length and a byte that says who sends it: a client over UDP or
    /// TCP, with what it says as it is or signed by a user; a peer; time. The server must keep its limits and not
    /// throw.
    @FuzzTest
    void messages(byte[] input) {
        HandClient.Server server = new HandClient.Server(config -> config.withQuotas(new Quotas(4, 3, 4, 2, 50_000)));
        HandClient client = new HandClient(server, HandClient.CLIENT);
        InetSocketAddress relayed = client.allocated();
        client.bind(0x4000, HandClient.PEER);
        server.core.streamOpened(1, HandClient.CLIENT);
        ByteBuffer messages = ByteBuffer.wrap(input);
        for (int i = 0; messages.remaining() > 2 && i < MESSAGES_LIMIT; i++) {
            int length = Math.min(messages.get() & 0xFF, messages.remaining() - 1);
            int who = messages.get() & 0xFF;
            byte[] message = Arrays.copyOfRange(input, messages.position(), messages.position() + length);
            messages.position(messages.position() + length);
            InetSocketAddress other = new InetSocketAddress(HandClient.CLIENT.getAddress(), 1 + who / 8);
            switch (who % 8) {
                case 0 -> server.arrives(message, HandClient.CLIENT, HandClient.SERVER);
                case 1 -> server.arrives(signed(message, client), HandClient.CLIENT, HandClient.SERVER);
                case 2 -> server.arrives(message, HandClient.PEER, relayed);
                case 3 -> server.core.handleMessage(server.now, 1, ByteBuffer.wrap(message));
                case 4 -> server.arrives(message, other, HandClient.SERVER);
                case 5 -> server.pass(who * HandClient.SECOND);
                case 6 -> server.taken.add(HandClient.PORTS.first() + who % HandClient.PORTS.size());
                default -> {
                    server.core.streamClosed(1);
                    server.core.streamOpened(1, HandClient.CLIENT);
                }
            }
            server.drain();
            TurnServerStats stats = server.core.stats();
            assertThat(stats.allocations()).isLessThanOrEqualTo(4);
            assertThat(server.open).hasSize(stats.allocations());
        }
        server.pass(7_200 * HandClient.SECOND);
        assertThat(server.open).isEmpty();
        assertThat(server.core.stats().allocations()).isZero();
    }

    /// The request as its user would send it; what is none stays as it is.
    private static byte[] signed(byte[] message, HandClient client) {
        if (!(StunMessage.parse(ByteBuffer.wrap(message)) instanceof StunParse.Received received)) {
            return message;
        }
        StunMessage parsed = received.message();
        List<StunAttribute> attributes = new ArrayList<>(parsed.attributes());
        attributes.removeIf(each -> each instanceof StunAttribute.Username
                || each instanceof StunAttribute.Realm
                || each instanceof StunAttribute.Nonce);
        attributes.add(new StunAttribute.Username("user"));
        attributes.add(new StunAttribute.Realm(HandClient.REALM));
        attributes.add(new StunAttribute.Nonce(client.nonce));
        ByteBuffer into = ByteBuffer.allocate(message.length + 1_024);
        new StunMessage(StunClass.REQUEST, parsed.method(), parsed.transactionId(), attributes).write(into, KEY);
        return Arrays.copyOf(into.array(), into.position());
    }
}
