package dev.nearhand.transport.netty;

import com.sun.management.OperatingSystemMXBean;
import dev.nearhand.transport.wire.Path;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// What a datagram costs from one of our UDP ports to another over loopback, by the kind of socket and by how many
/// leave in one turn: processor time of this process, both ends and the kernel's part of it together.
///
/// Prints a table; needs no arguments. The kinds take turns, and each figure is a median. Nothing is lost: the next
/// turn is sent when the last has arrived.
final class SocketBench {
    private static final int DATAGRAM_BYTES = 1_200;
    private static final int DATAGRAMS = 40_000;
    private static final int ROUNDS = 7;
    private static final int[] BURSTS = {1, 4, 16, 53};

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private SocketBench() {}

    /// Runs the bench.
    public static void main(String[] arguments) throws Exception {
        EventLoopGroup[] groups = new EventLoopGroup[SocketKind.values().length];
        for (SocketKind kind : SocketKind.values()) {
            groups[kind.ordinal()] = kind == SocketKind.EPOLL && SocketKind.best() == SocketKind.NIO
                    ? null
                    : new MultiThreadIoEventLoopGroup(2, new DefaultThreadFactory("bench", true), kind.handlers());
        }
        System.out.println("| datagrams in a turn | NIO, µs CPU | epoll, µs CPU | of NIO |");
        System.out.println("|---|---|---|---|");
        for (int burst : BURSTS) {
            double[][] micros = new double[groups.length][ROUNDS];
            for (int round = -1; round < ROUNDS; round++) {
                for (int kind = 0; kind < groups.length; kind++) {
                    double cost = groups[kind] == null ? Double.NaN : new Round(groups[kind], burst).micros();
                    if (round >= 0) {
                        micros[kind][round] = cost;
                    }
                }
            }
            double epoll = median(micros[SocketKind.EPOLL.ordinal()]);
            double nio = median(micros[SocketKind.NIO.ordinal()]);
            System.out.printf(Locale.ROOT, "| %d | %.2f | %.2f | %.2f |%n", burst, nio, epoll, epoll / nio);
        }
        System.out.println("segments: " + SegmentProbe.works());
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    /// One sender and one receiver, each on its loop.
    private static final class Round {
        private final EventLoop sending;
        private final UdpPort from;
        private final UdpPort to;
        private final int burst;
        private final ByteBuffer datagram = ByteBuffer.allocate(DATAGRAM_BYTES);
        private final CompletableFuture<Long> done = new CompletableFuture<>();
        private int arrived;

        Round(EventLoopGroup group, int burst) throws Exception {
            this.burst = burst;
            this.sending = group.next();
            EventLoop receiving = group.next();
            InetAddress loopback = InetAddress.getLoopbackAddress();
            to = receiving
                    .submit(() -> UdpPort.open(receiving, loopback, new UdpPort.Receiver() {
                        @Override
                        public void onDatagram(ByteBuffer borrowed, Path path) {
                            arrived++;
                        }

                        @Override
                        public void onReadComplete() {
                            answer();
                        }
                    }))
                    .get();
            from = sending.submit(() -> UdpPort.open(sending, loopback, new UdpPort.Receiver() {
                        @Override
                        public void onDatagram(ByteBuffer borrowed, Path path) {}

                        @Override
                        public void onReadComplete() {}
                    }))
                    .get();
        }

        private void answer() {
            if (arrived >= DATAGRAMS) {
                done.complete(SYSTEM.getProcessCpuTime());
            } else if (arrived % burst == 0) {
                sending.execute(this::sendBurst);
            }
        }

        private void sendBurst() {
            for (int i = 0; i < burst; i++) {
                from.send(datagram.clear(), to.local());
            }
            from.flush();
        }

        double micros() throws Exception {
            long began = SYSTEM.getProcessCpuTime();
            sending.execute(this::sendBurst);
            long ended = done.get(60, TimeUnit.SECONDS);
            sending.submit(from::close).get();
            sending.submit(to::close).get();
            return (ended - began) / 1_000.0 / DATAGRAMS;
        }
    }
}
