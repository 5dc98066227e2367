package dev.nearhand.transport.netty;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.mdns.MdnsService;
import dev.nearhand.transport.mdns.ServiceBrowser;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// On the loopback interface, so that nothing leaves this machine.
@Timeout(30)
class ServiceBrowseTest {
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("127.0.0.1");
    private static final String TYPE = "_nearhand-test._udp.local";

    private final EventLoop loop = EventLoops.multicast();
    private final EventLoop publishers = EventLoops.multicast();
    private final MdnsPublisher publisher = new MdnsPublisher(publishers);

    private List<ServiceBrowser.Found> browse(NetworkInterface... interfaces) throws InterruptedException {
        BlockingQueue<ServiceBrowser.Found> found = new LinkedBlockingQueue<>();
        CountDownLatch end = new CountDownLatch(1);
        loop.execute(() -> new ServiceBrowse(loop, List.of(interfaces), List.of(TYPE), found::add, end::countDown));
        assertThat(end.await(20, SECONDS)).isTrue();
        return List.copyOf(found);
    }

    @Test
    void aServiceIsFoundUntilItIsWithdrawn() throws Exception {
        NetworkInterface loopback = NetworkInterface.getByInetAddress(ADDRESS);
        MdnsService service = new MdnsService("test-1", TYPE, 3_478, "test-1-nearhand.local", ADDRESS);
        publisher.announce(service);
        publishers.submit(() -> {}).get(); // it looks for a second and a half only
        assertThat(browse(loopback))
                .containsExactly(new ServiceBrowser.Found(TYPE, new InetSocketAddress(ADDRESS, 3_478)));
        publisher.renounce(service);
        publishers.submit(() -> {}).get(); // a loop reads its sockets first: a question could overtake this
        assertThat(browse(loopback)).isEmpty();
        assertThat(publisher.counters()).containsKey("mdns.services.answered.toAll");
    }

    @Test
    void whereThereIsNoLinkTheSearchEndsAtOnce() throws Exception {
        assertThat(browse()).isEmpty();
    }
}
