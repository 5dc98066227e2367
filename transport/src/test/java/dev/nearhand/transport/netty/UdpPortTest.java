package dev.nearhand.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.Requires;
import dev.nearhand.transport.wire.Path;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class UdpPortTest {
    private static final int PATIENCE_SECONDS = 20;

    private final List<Runnable> toClose = new ArrayList<>();

    @AfterEach
    void close() {
        toClose.reversed().forEach(Runnable::run);
    }

    private static final class Inbox implements UdpPort.Receiver {
        final BlockingQueue<byte[]> datagrams = new LinkedBlockingQueue<>();

        @Override
        public void onDatagram(ByteBuffer borrowed, Path path) {
            byte[] copy = new byte[borrowed.remaining()];
            borrowed.get(copy);
            datagrams.add(copy);
        }

        @Override
        public void onReadComplete() {}
    }

    private final Inbox inbox = new Inbox();

    /// Runs of equal ones, shorter and longer ones between them, in one turn.
    @ParameterizedTest
    @CsvSource({"EPOLL, 127.0.0.1", "EPOLL, ::1", "NIO, 127.0.0.1", "NIO, ::1"})
    void datagramsArriveAsTheyWereSentWhateverTheirLengths(SocketKind kind, String address) throws Exception {
        EventLoop loop = loop(kind);
        UdpPort from = open(loop, address, new Inbox());
        UdpPort to = open(loop, address, inbox);
        Random random = new Random(5);
        List<byte[]> sent = new ArrayList<>();
        for (int run = 0; run < 40; run++) {
            int length = 1 + random.nextInt(1_400);
            for (int i = 1 + random.nextInt(6); i > 0; i--) {
                byte[] datagram = new byte[length];
                random.nextBytes(datagram);
                sent.add(datagram);
            }
        }
        onLoop(loop, () -> {
            sent.forEach(datagram -> from.send(ByteBuffer.wrap(datagram), to.local()));
            from.flush();
            return null;
        });

        for (byte[] expected : sent) {
            assertThat(received()).isEqualTo(expected);
        }
        assertThat(onLoop(loop, from::batchesRefused)).isZero();
        assertThat(onLoop(loop, from::stats).packetsSent()).isEqualTo(sent.size());
        assertThat(onLoop(loop, to::stats).packetsReceived()).isEqualTo(sent.size());
    }

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void datagramsToManyArriveAtEach(SocketKind kind) throws Exception {
        EventLoop loop = loop(kind);
        UdpPort from = open(loop, "127.0.0.1", new Inbox());
        UdpPort one = open(loop, "127.0.0.1", inbox);
        Inbox otherInbox = new Inbox();
        UdpPort other = open(loop, "127.0.0.1", otherInbox);
        onLoop(loop, () -> {
            for (int i = 0; i < 10; i++) {
                from.send(ByteBuffer.wrap(new byte[] {1, (byte) i}), one.local());
                from.send(ByteBuffer.wrap(new byte[] {2, (byte) i}), other.local());
            }
            from.flush();
            return null;
        });
        for (int i = 0; i < 10; i++) {
            assertThat(received()).containsExactly(1, i);
            assertThat(otherInbox.datagrams.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .containsExactly(2, i);
        }
    }

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void whatIsRefusedTogetherIsSentOneByOne(SocketKind kind) throws Exception {
        EventLoop loop = loop(kind);
        UdpPort from = open(loop, "127.0.0.1", new Inbox());
        long refusals = onLoop(loop, () -> {
            // a socket bound to loopback has no way to the outside
            InetSocketAddress outside = new InetSocketAddress("192.0.2.1", 9);
            for (int i = 0; i < 5; i++) {
                from.send(ByteBuffer.allocate(100), outside);
            }
            from.flush();
            return from.batchesRefused();
        });
        assertThat(refusals).isEqualTo(kind == SocketKind.EPOLL ? 1 : 0);
        assertThat(onLoop(loop, from::stats).sendErrors()).isEqualTo(5);

        UdpPort to = open(loop, "127.0.0.1", inbox);
        onLoop(loop, () -> {
            from.send(ByteBuffer.wrap(new byte[] {1}), to.local());
            from.send(ByteBuffer.wrap(new byte[] {2}), to.local());
            from.flush();
            return null;
        });
        assertThat(received()).containsExactly(1);
        assertThat(received()).containsExactly(2);
    }

    @ParameterizedTest
    @CsvSource({"EPOLL, 127.0.0.1", "EPOLL, ::1", "NIO, 127.0.0.1", "NIO, ::1"})
    void fragmentsCanBeForbidden(SocketKind kind, String address) throws Exception {
        EventLoop loop = loop(kind);
        UdpPort from = open(loop, address, new Inbox());
        UdpPort to = open(loop, address, inbox);
        assertThat(onLoop(loop, from::forbidFragments)).isTrue();
        onLoop(loop, () -> {
            from.send(ByteBuffer.allocate(1_400), to.local());
            from.flush();
            return null;
        });
        assertThat(received()).hasSize(1_400);
    }

    /// As a buffer of that size would.
    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void whatIsLongerThanAnyOfOursIsCut(SocketKind kind) throws Exception {
        EventLoop loop = loop(kind);
        UdpPort from = open(loop, "127.0.0.1", new Inbox());
        UdpPort to = open(loop, "127.0.0.1", inbox);
        onLoop(loop, () -> {
            from.send(ByteBuffer.allocate(9_000), to.local());
            from.send(ByteBuffer.wrap(new byte[] {7}), to.local());
            from.flush();
            return null;
        });
        assertThat(received()).hasSize(2_048);
        assertThat(received()).containsExactly(7);
    }

    private byte[] received() throws InterruptedException {
        byte[] next = inbox.datagrams.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("a datagram").isNotNull();
        return next;
    }

    private EventLoop loop(SocketKind kind) {
        Requires.check(kind == SocketKind.NIO || SocketKind.best() == SocketKind.EPOLL, "Netty's epoll");
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("udp-test", true), kind.handlers());
        toClose.add(() -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS));
        return group.next();
    }

    private UdpPort open(EventLoop loop, String address, UdpPort.Receiver receiver) throws Exception {
        InetAddress local = InetAddress.getByName(address);
        UdpPort port = onLoop(loop, () -> UdpPort.open(loop, local, receiver));
        toClose.add(() -> loop.submit(port::close));
        awaitSegments(loop);
        return port;
    }

    private static <T> T onLoop(EventLoop loop, Callable<T> task) throws Exception {
        return loop.submit(task).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /// The probe goes on by itself, on the loop of the first port; it has to end before that loop does.
    private static void awaitSegments(EventLoop loop) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (SocketKind.of(loop) == SocketKind.EPOLL && !SegmentProbe.works()) {
            assertThat(System.nanoTime()).as("the probe has come back").isLessThan(deadline);
            onLoop(loop, () -> null);
        }
    }
}
