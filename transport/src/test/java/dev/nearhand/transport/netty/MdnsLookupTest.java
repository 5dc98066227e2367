package dev.nearhand.transport.netty;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// On the loopback interface, so that no question leaves this machine.
@Timeout(30)
class MdnsLookupTest {
    private static final InetSocketAddress GROUP = new InetSocketAddress("224.0.0.251", 5353);

    @Test
    void aHostThatIsAskedForAnswersWithItsAddress() throws Exception {
        NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getByName("127.0.0.1"));
        EventLoop loop = EventLoops.multicast();
        BlockingQueue<InetAddress> found = new LinkedBlockingQueue<>();
        try (MulticastSocket responder = new MulticastSocket(GROUP.getPort())) {
            responder.joinGroup(GROUP, loopback);
            responder.setNetworkInterface(loopback);
            Thread.ofVirtual().start(() -> answerEverything(responder));
            MdnsLookup lookup = new MdnsLookup(loop, List.of(loopback));
            loop.execute(() -> {
                lookup.resolve("Somebody.local", found::add);
                lookup.resolve("example.org", found::add);
            });
            assertThat(found.poll(20, SECONDS)).isEqualTo(InetAddress.getByName("192.0.2.7"));
            loop.submit(lookup::close).get();
        }
    }

    private static void answerEverything(MulticastSocket socket) {
        byte[] name = "\10somebody\5local\0".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer answer = ByteBuffer.allocate(100);
        answer.putShort((short) 0)
                .putShort((short) 0x8400)
                .putShort((short) 0)
                .putShort((short) 1)
                .putInt(0);
        answer.put(name).putShort((short) 1).putShort((short) 1).putInt(120).putShort((short) 4);
        answer.put(new byte[] {(byte) 192, 0, 2, 7});
        DatagramPacket question = new DatagramPacket(new byte[1500], 1500);
        try {
            while (true) {
                socket.receive(question);
                boolean isQuestion = (question.getData()[2] & 0x80) == 0;
                if (isQuestion) {
                    socket.send(new DatagramPacket(answer.array(), answer.position(), GROUP));
                }
            }
        } catch (java.io.IOException closed) {
            // the test is over
        }
    }
}
