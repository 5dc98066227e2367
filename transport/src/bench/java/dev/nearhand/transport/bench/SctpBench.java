package dev.nearhand.transport.bench;

import dev.nearhand.transport.sctp.Reliability;
import dev.nearhand.transport.sctp.SctpAssociation;
import dev.nearhand.transport.sctp.SctpConfig;
import dev.nearhand.transport.sctp.SctpEvent;
import dev.nearhand.transport.sctp.SctpState;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.Transmit;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.SplittableRandom;

/// What SCTP costs the processor: two associations in one thread hand packets to each other, without DTLS, sockets or
/// timers of the system. Sender and receiver together, beside what it would cost to copy the same bytes as often as
/// must be (into the message queue, into packets, out of them).
///
/// Time is virtual: packets are half a millisecond on their way. Arguments: MB for each line (1,000).
public final class SctpBench {
    private static final long TRIP_NANOS = 500_000;
    private static final int PACKET_BYTES = 1500;
    private static final int COPIES = 3;
    private static final int BUFFERED_BYTES = 4 << 20;
    private static final Path INSIDE = path();

    private final SctpAssociation left;
    private final SctpAssociation right;
    private final ByteBuffer lent = ByteBuffer.allocate(PACKET_BYTES);
    private final ArrayDeque<ByteBuffer> spare = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> toRight = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> toLeft = new ArrayDeque<>();
    private long now;
    private long received;

    private SctpBench(SctpConfig config) {
        SplittableRandom random = new SplittableRandom(1);
        left = new SctpAssociation(config, INSIDE, random.split(), random.split());
        right = new SctpAssociation(config, INSIDE, random.split(), random.split());
        left.connect(now);
        while (left.state() != SctpState.ESTABLISHED || right.state() != SctpState.ESTABLISHED) {
            turn();
        }
    }

    private static Path path() {
        InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new Path(nowhere, nowhere);
    }

    public static void main(String[] arguments) {
        long bytes = (arguments.length > 0 ? Long.parseLong(arguments[0]) : 1_000) * 1_000_000L;
        System.out.println(
                "| message | MB/s of one thread | CPU s a GB | µs a packet of data | copies alone, CPU s a GB |");
        System.out.println("|---|---|---|---|---|");
        for (int size : new int[] {64 * 1024, 1024, 64, 1024, 64 * 1024}) {
            line(size, size < 1024 ? bytes / 10 : bytes);
        }
    }

    private static void line(int size, long bytes) {
        SctpBench bench = new SctpBench(SctpConfig.defaults());
        bench.transfer(size, bytes / 4);
        long packets = bench.left.stats().packetsSent();
        long begun = cpuNanos();
        bench.transfer(size, bytes);
        double nanos = cpuNanos() - begun;
        packets = bench.left.stats().packetsSent() - packets;
        System.out.printf(
                "| %,d | %.0f | %.2f | %.2f | %.2f |%n",
                size, bytes * 1e3 / nanos, nanos / bytes, nanos / packets / 1e3, copies(size, bytes));
    }

    private void transfer(int size, long bytes) {
        ByteBuffer message = ByteBuffer.allocate(size);
        received = 0;
        for (long sent = 0; received < bytes; ) {
            while (sent < bytes && left.bufferedBytes() < BUFFERED_BYTES) {
                left.send(now, 1, false, Reliability.RELIABLE, 53, message);
                sent += size;
            }
            turn();
        }
    }

    private void turn() {
        drain(left, toRight);
        drain(right, toLeft);
        now += TRIP_NANOS;
        deliver(toRight, right, toLeft);
        deliver(toLeft, left, toRight);
        if (left.nextTimeoutNanos() <= now) {
            left.handleTimeout(now);
        }
        if (right.nextTimeoutNanos() <= now) {
            right.handleTimeout(now);
        }
    }

    /// Packets and the answers to them, as a driver does it: after each packet what it calls for.
    private void deliver(ArrayDeque<ByteBuffer> packets, SctpAssociation to, ArrayDeque<ByteBuffer> answers) {
        for (int count = packets.size(); count > 0; count--) {
            ByteBuffer packet = packets.remove();
            to.handleDatagram(now, packet, INSIDE);
            spare.add(packet);
            drain(to, answers);
        }
    }

    private void drain(SctpAssociation from, ArrayDeque<ByteBuffer> into) {
        for (SctpEvent event = from.pollEvent(); event != null; event = from.pollEvent()) {
            if (event instanceof SctpEvent.MessageReceived got) {
                received += got.message().remaining();
            }
        }
        lent.clear();
        for (Transmit next = from.pollTransmit(now, lent); next != null; next = from.pollTransmit(now, lent)) {
            ByteBuffer packet = spare.isEmpty() ? ByteBuffer.allocate(PACKET_BYTES) : spare.remove();
            into.add(packet.clear().put(lent.slice(0, next.lengthBytes())).flip());
            lent.clear();
        }
    }

    /// CPU seconds a GB.
    private static double copies(int size, long bytes) {
        ByteBuffer from = ByteBuffer.allocate(Math.min(size, PACKET_BYTES));
        ByteBuffer to = ByteBuffer.allocate(PACKET_BYTES);
        long begun = 0;
        for (int round = 0; round < 2; round++) {
            begun = cpuNanos();
            for (long done = 0; done < bytes; done += from.capacity()) {
                for (int i = 0; i < COPIES; i++) {
                    to.clear().put(from.clear());
                }
            }
        }
        return (double) (cpuNanos() - begun) / bytes;
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
