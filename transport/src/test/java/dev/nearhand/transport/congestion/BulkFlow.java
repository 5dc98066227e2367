package dev.nearhand.transport.congestion;

import dev.nearhand.transport.sctp.Reliability;
import dev.nearhand.transport.sctp.SctpAssociation;
import dev.nearhand.transport.sctp.SctpConfig;
import dev.nearhand.transport.sctp.SctpEvent;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.Transmit;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

/// A transfer that fills what it is given: an SCTP association with CUBIC, in the place of TCP.
final class BulkFlow implements MediaLab.Flow {
    private static final int MESSAGE_BYTES = 8_000;
    private static final int BUFFERED_BYTES = 400_000;

    private final MediaLab lab;
    private final FlowMeter meter = new FlowMeter(() -> 0);
    private final FlowMeter backMeter = new FlowMeter(() -> 0);
    private final List<MediaLab.Line> forth;
    private final List<MediaLab.Line> back;
    private final SctpAssociation sender;
    private final SctpAssociation receiver;
    private final Path there;
    private final Path here;
    private long leftBytes;
    private boolean connected;

    BulkFlow(MediaLab lab, int number, List<MediaLab.Line> forth, List<MediaLab.Line> back) {
        this.lab = lab;
        this.forth = forth;
        this.back = back;
        InetSocketAddress left = new InetSocketAddress("10.0.0.1", 1_000 + number);
        InetSocketAddress right = new InetSocketAddress("10.0.0.2", 1_000 + number);
        there = new Path(left, right);
        here = new Path(right, left);
        SctpConfig config = SctpConfig.defaults().withCongestion(SctpConfig.Congestion.CUBIC);
        SplittableRandom dice = new SplittableRandom(lab.random.nextLong());
        sender = new SctpAssociation(config, there, dice.split(), dice.split());
        receiver = new SctpAssociation(config, here, dice.split(), dice.split());
    }

    /// Sends so many bytes more.
    void give(long bytes) {
        leftBytes += bytes;
        if (!connected) {
            connected = true;
            sender.connect(lab.now);
        }
        drain();
    }

    boolean isDone() {
        return leftBytes == 0 && sender.bufferedBytes() == 0;
    }

    void end() {
        leftBytes = 0;
        sender.abort(lab.now, "the end");
        drain();
    }

    @Override
    public FlowMeter meter() {
        return meter;
    }

    @Override
    public long nextNanos() {
        return Math.min(sender.nextTimeoutNanos(), receiver.nextTimeoutNanos());
    }

    @Override
    public void tick() {
        if (sender.nextTimeoutNanos() <= lab.now) {
            sender.handleTimeout(lab.now);
        }
        if (receiver.nextTimeoutNanos() <= lab.now) {
            receiver.handleTimeout(lab.now);
        }
        drain();
    }

    private void drain() {
        while (leftBytes > 0 && sender.bufferedBytes() < BUFFERED_BYTES) {
            int length = (int) Math.min(MESSAGE_BYTES, leftBytes);
            leftBytes -= length;
            sender.send(lab.now, 1, false, Reliability.RELIABLE, 53, ByteBuffer.allocate(length));
        }
        drain(sender, receiver, here, forth, meter);
        drain(receiver, sender, there, back, backMeter);
    }

    private void drain(
            SctpAssociation from, SctpAssociation to, Path path, List<MediaLab.Line> lines, FlowMeter counted) {
        for (SctpEvent event = from.pollEvent(); event != null; event = from.pollEvent()) {
            // nobody wants to know
        }
        ByteBuffer lent = ByteBuffer.allocate(2_048);
        for (Transmit sent = from.pollTransmit(lab.now, lent.clear());
                sent != null;
                sent = from.pollTransmit(lab.now, lent.clear())) {
            byte[] packet = new byte[sent.lengthBytes()];
            lent.get(0, packet);
            lab.send(lines, packet.length, counted, () -> {
                to.handleDatagram(lab.now, ByteBuffer.wrap(packet), path);
                drain();
            });
        }
    }
}
