package dev.nearhand.transport.netty;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.mdns.MdnsAnswer;
import dev.nearhand.transport.mdns.MdnsMessage;
import io.netty.channel.EventLoop;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// On the loopback interface, so that nothing leaves this machine.
@Timeout(30)
class MdnsPublisherTest {
    private static final InetSocketAddress GROUP = new InetSocketAddress("224.0.0.251", 5353);
    private static final String NAME = "0d1ee1d3-5f5b-4d5f-8f0e-3f9a5a0a0001.local";
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("127.0.0.1");
    private static final int WAIT_MILLIS = 5_000;
    private static final int SILENCE_MILLIS = 400;

    private final EventLoop loop = EventLoops.multicast();
    private final EventLoop publishers = EventLoops.multicast();
    private final MdnsPublisher publisher = new MdnsPublisher(publishers);
    private NetworkInterface loopback;

    @BeforeEach
    void find() throws Exception {
        loopback = NetworkInterface.getByInetAddress(ADDRESS);
    }

    private BlockingQueue<InetAddress> lookUp(String name) {
        BlockingQueue<InetAddress> found = new LinkedBlockingQueue<>();
        loop.execute(() -> new MdnsLookup(loop, List.of(loopback)).resolve(name, found::add));
        return found;
    }

    @Test
    void ourOwnLookupFindsAPublishedNameUntilItIsWithdrawn() throws Exception {
        publisher.publish(NAME, ADDRESS);
        assertThat(lookUp(NAME).poll(WAIT_MILLIS / 1_000, SECONDS)).isEqualTo(ADDRESS);
        assertThat(lookUp("1" + NAME).poll(1, SECONDS)).isNull();
        publisher.withdraw(NAME);
        publishers.submit(() -> {}).get(); // a loop reads its sockets first: a question could overtake the withdrawal
        assertThat(lookUp(NAME).poll(1, SECONDS)).isNull();
        assertThat(publisher.counters()).containsKeys("mdns.answered.toAll", "mdns.ignored.otherNames");
    }

    @Test
    void whoKnowsNoMdnsAsksFromAPortOfItsOwnAndIsAnsweredThere() throws Exception {
        publisher.publish(NAME, ADDRESS);
        publishers.submit(() -> {}).get();
        try (MulticastSocket asker = new MulticastSocket(new InetSocketAddress(ADDRESS, 0))) {
            asker.setNetworkInterface(loopback);
            asker.setSoTimeout(WAIT_MILLIS);
            DatagramPacket answer = ask(asker, (short) 0x1234, NAME);
            assertThat(ByteBuffer.wrap(answer.getData()).getShort()).isEqualTo((short) 0x1234);
            assertThat(MdnsMessage.answers(ByteBuffer.wrap(answer.getData(), 0, answer.getLength())))
                    .containsExactly(new MdnsAnswer(NAME, ADDRESS));

            asker.setSoTimeout(SILENCE_MILLIS);
            assertThat(isAnswered(asker, "2" + NAME)).isFalse();
            publisher.withdraw(NAME);
            publishers.submit(() -> {}).get();
            assertThat(isAnswered(asker, NAME)).isFalse();
        }
    }

    private static boolean isAnswered(MulticastSocket asker, String name) throws Exception {
        try {
            ask(asker, (short) 1, name);
            return true;
        } catch (SocketTimeoutException silence) {
            return false;
        }
    }

    private static DatagramPacket ask(MulticastSocket asker, short id, String name) throws Exception {
        ByteBuffer question = ByteBuffer.allocate(MdnsMessage.MAX_QUESTION_BYTES);
        MdnsMessage.writeQuestion(name, question);
        question.putShort(0, id);
        asker.send(new DatagramPacket(question.array(), question.position(), GROUP));
        DatagramPacket answer = new DatagramPacket(new byte[1_500], 1_500);
        asker.receive(answer);
        return answer;
    }

    @Test
    void neighboursAreToldApartFromStrangersByTheirPrefix() {
        LocalLink link = new LocalLink(
                3,
                loopback,
                List.of(
                        new LocalLink.Prefix(
                                InetAddress.ofLiteral("192.0.2.130").getAddress(), 25),
                        new LocalLink.Prefix(
                                InetAddress.ofLiteral("2001:db8:1::1").getAddress(), 64)));
        assertThat(link.reaches(InetAddress.ofLiteral("192.0.2.129"))).isTrue();
        assertThat(link.reaches(InetAddress.ofLiteral("192.0.2.127"))).isFalse();
        assertThat(link.reaches(InetAddress.ofLiteral("2001:db8:1::ffff"))).isTrue();
        assertThat(link.reaches(InetAddress.ofLiteral("2001:db8:2::1"))).isFalse();
        assertThat(link.reaches(InetAddress.ofLiteral("fe80::1%3"))).isTrue();
        assertThat(link.reaches(InetAddress.ofLiteral("fe80::1%4"))).isFalse();
    }
}
