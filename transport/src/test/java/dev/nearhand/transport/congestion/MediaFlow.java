package dev.nearhand.transport.congestion;

import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.rtp.RtpEvent;
import dev.nearhand.transport.rtp.RtpReceiverConfig;
import dev.nearhand.transport.rtp.RtpSenderConfig;
import dev.nearhand.transport.rtp.RtpSession;
import dev.nearhand.transport.rtp.RtpTransmit;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// Video from one session to another. The encoder is made up: its frames have the size that the target asks for, within
/// some chance.
final class MediaFlow implements MediaLab.Flow {
    private static final int FRAMES_PER_SECOND = 30;

    final RtpSession sender;
    final RtpSession receiver;
    final int handle;
    long targetBps;
    long endNanos = Long.MAX_VALUE;
    double share = 1;
    /// What the encoder makes at most.
    long mostBps = Long.MAX_VALUE;
    long frames;
    int framesSent;
    private final MediaLab lab;
    private final FlowMeter meter = new FlowMeter(() -> targetBps);
    private final FlowMeter feedbackMeter = new FlowMeter(() -> 0);
    private final List<MediaLab.Line> forth;
    private final List<MediaLab.Line> back;
    private final long beginNanos;
    private long nextFrameNanos;
    private long timestamp;

    MediaFlow(
            MediaLab lab,
            long beginNanos,
            boolean feedback,
            int number,
            List<MediaLab.Line> forth,
            List<MediaLab.Line> back) {
        this.lab = lab;
        this.forth = forth;
        this.back = back;
        this.beginNanos = beginNanos;
        this.nextFrameNanos = beginNanos;
        this.sender = new RtpSession("a", () -> Instant.EPOCH.plusNanos(lab.now), new Random(number));
        this.receiver = new RtpSession("b", () -> Instant.EPOCH.plusNanos(lab.now), new Random(number + 100));
        int ssrc = 0x1000 + number;
        RtpSenderConfig.Repair repair = new RtpSenderConfig.Repair.Rtx(ssrc + 0x100, 97);
        handle = sender.addSender(
                new RtpSenderConfig(ssrc, "v", 9, 96, Codec.VP8, false, 90_000, true, true, true, repair));
        receiver.addReceiver(new RtpReceiverConfig(
                "v", 9, Map.of(96, Codec.VP8), Map.of(97, 96), Set.of(), List.of(ssrc), 90_000, true, true));
        sender.reducedSize(true);
        receiver.reducedSize(true);
        if (feedback) {
            sender.numberTransportWide(handle, 4);
            receiver.tellArrivals(4);
        }
    }

    @Override
    public FlowMeter meter() {
        return meter;
    }

    @Override
    public long nextNanos() {
        long frame = nextFrameNanos < endNanos ? nextFrameNanos : Long.MAX_VALUE;
        return Math.max(beginNanos, Math.min(frame, Math.min(sender.nextTimeoutNanos(), receiver.nextTimeoutNanos())));
    }

    /// The encoder goes on after its end.
    void resume() {
        endNanos = Long.MAX_VALUE;
        nextFrameNanos = lab.now;
    }

    void pause() {
        endNanos = lab.now;
    }

    @Override
    public void tick() {
        if (lab.now < beginNanos) {
            return;
        }
        if (lab.now >= nextFrameNanos && lab.now < endNanos) {
            frame();
        }
        sender.handleTimeout(lab.now);
        receiver.handleTimeout(lab.now);
        drain();
    }

    private void frame() {
        long allowed = Math.min(mostBps, Math.max(BandwidthEstimator.START_BPS / 10, targetBps));
        double bytes = allowed * share / 8 / FRAMES_PER_SECOND;
        nextFrameNanos = lab.now + MediaLab.SECOND / FRAMES_PER_SECOND;
        long waiting = sender.stats().senders().getFirst().packetsWaiting() * 1_228 * 8;
        if (waiting > Math.max(100_000, targetBps) * 0.15) {
            return; // as an encoder does whose last frames have not left yet
        }
        int number = framesSent++;
        double by = number == 0 ? 4 : 0.7 + 0.6 * lab.random.nextDouble();
        byte[] data = new byte[Math.max(40, (int) (bytes * by))];
        data[0] = (byte) (number == 0 ? 0x10 : 0x11); // VP8's bit of a frame that is no key frame
        timestamp += 90_000 / FRAMES_PER_SECOND;
        sender.sendFrame(lab.now, handle, ByteBuffer.wrap(data), timestamp);
    }

    private void drain() {
        drain(sender, true);
        drain(receiver, false);
        long target = sender.pollTargetBps(lab.now);
        if (target > 0) {
            targetBps = target;
        }
    }

    private void drain(RtpSession session, boolean toReceiver) {
        for (RtpEvent event = session.pollEvent(); event != null; event = session.pollEvent()) {
            if (event instanceof RtpEvent.FrameReceived) {
                frames++;
            }
        }
        ByteBuffer lent = ByteBuffer.allocate(1_500);
        for (RtpTransmit sent = session.pollTransmit(lab.now, lent.clear());
                sent != null;
                sent = session.pollTransmit(lab.now, lent.clear())) {
            byte[] packet = new byte[sent.lengthBytes()];
            lent.get(0, packet);
            RtpSession to = toReceiver ? receiver : sender;
            boolean rtcp = sent.rtcp();
            lab.send(
                    toReceiver ? forth : back,
                    packet.length,
                    toReceiver && !rtcp ? meter : feedbackMeter,
                    () -> arrive(to, rtcp, packet));
        }
    }

    private void arrive(RtpSession to, boolean rtcp, byte[] packet) {
        if (rtcp) {
            to.handleRtcp(lab.now, ByteBuffer.wrap(packet));
        } else {
            to.handleRtp(lab.now, ByteBuffer.wrap(packet));
        }
        drain();
    }
}
