package dev.nearhand.transport.congestion;

import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.rtp.RtpEvent;
import dev.nearhand.transport.rtp.RtpReceiverConfig;
import dev.nearhand.transport.rtp.RtpSenderConfig;
import dev.nearhand.transport.rtp.RtpSession;
import dev.nearhand.transport.rtp.RtpTransmit;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/// Flows of video over one bottleneck, in virtual time: the cases of RFC 8867. Each flow is two real sessions; what is
/// made up is the encoder, whose frames have the size that the target asks for, within some chance, and the path.
final class MediaLab {
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;

    private static final int FRAMES_PER_SECOND = 30;
    private static final int WIRE_OVERHEAD = 44;

    /// A second of one flow.
    ///
    /// @param targetBps what the encoder was told at its end
    /// @param arrivedBps of whole datagrams
    /// @param queueP95Millis how long packets waited for the line
    record Second(long targetBps, long arrivedBps, double queueP95Millis, int lost) {}

    private record Arrival(long atNanos, long order, Flow flow, boolean toReceiver, boolean rtcp, byte[] packet) {}

    /// The way to the receivers, which all share. The way back has the same delay, and nothing else.
    static final class Bottleneck {
        long bps = 10_000_000;
        long delayNanos = 50 * MILLI;
        long queueNanos = 300 * MILLI;
        double loss;
        long jitterNanos;
        private long busyUntil;

        long waiting(long now) {
            return Math.max(0, busyUntil - now);
        }
    }

    final class Flow {
        final RtpSession sender;
        final RtpSession receiver;
        final List<Second> seconds = new ArrayList<>();
        final int handle;
        private final List<Double> waits = new ArrayList<>();
        private final long beginNanos;
        private long nextFrameNanos;
        long targetBps;
        long endNanos = Long.MAX_VALUE;
        double share = 1;
        private long timestamp;
        private long arrivedBytes;
        private int lost;
        long frames;
        long framesSent;

        Flow(long beginNanos, boolean feedback, int number) {
            this.beginNanos = beginNanos;
            this.nextFrameNanos = beginNanos;
            this.sender = new RtpSession("a", () -> Instant.EPOCH, new Random(number));
            this.receiver = new RtpSession("b", () -> Instant.EPOCH, new Random(number + 100));
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

        private long next() {
            long frame = nextFrameNanos < endNanos ? nextFrameNanos : Long.MAX_VALUE;
            return Math.min(frame, Math.min(sender.nextTimeoutNanos(), receiver.nextTimeoutNanos()));
        }

        private void frame() {
            double bytes = Math.max(BandwidthEstimator.START_BPS / 10, targetBps) * share / 8 / FRAMES_PER_SECOND;
            nextFrameNanos = now + SECOND / FRAMES_PER_SECOND;
            long waiting = sender.stats().senders().getFirst().packetsWaiting() * 1_228 * 8;
            if (waiting > Math.max(100_000, targetBps) * 0.15) {
                return; // as an encoder does whose last frames have not left yet
            }
            boolean key = framesSent++ == 0;
            int size = Math.max(40, (int) (bytes * (key ? 4 : 0.7 + 0.6 * random.nextDouble())));
            byte[] data = new byte[size];
            data[0] = (byte) (key ? 0x10 : 0x11); // VP8's bit of a frame that is no key frame
            timestamp += 90_000 / FRAMES_PER_SECOND;
            sender.sendFrame(now, handle, ByteBuffer.wrap(data), timestamp);
        }

        private void drain() {
            drain(sender, true);
            drain(receiver, false);
            long target = sender.pollTargetBps(now);
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
            for (RtpTransmit sent = session.pollTransmit(now, lent.clear());
                    sent != null;
                    sent = session.pollTransmit(now, lent.clear())) {
                byte[] packet = new byte[sent.lengthBytes()];
                lent.get(0, packet);
                carry(this, toReceiver, sent.rtcp(), packet);
            }
        }

        private void endSecond() {
            waits.sort(Comparator.naturalOrder());
            double p95 = waits.isEmpty() ? 0 : waits.get((int) (0.95 * (waits.size() - 1)));
            seconds.add(new Second(targetBps, arrivedBytes * 8, p95, lost));
            waits.clear();
            arrivedBytes = 0;
            lost = 0;
        }

        /// Of the seconds from `first` on, up to `end`.
        double arrivedMean(int first, int end) {
            return seconds.subList(first, end).stream()
                    .mapToLong(Second::arrivedBps)
                    .average()
                    .orElse(0);
        }

        double queueMost(int first, int end) {
            return seconds.subList(first, end).stream()
                    .mapToDouble(Second::queueP95Millis)
                    .max()
                    .orElse(0);
        }
    }

    final Bottleneck path = new Bottleneck();
    final List<Flow> flows = new ArrayList<>();
    private final Random random;
    private final PriorityQueue<Arrival> arrivals =
            new PriorityQueue<>(Comparator.comparingLong(Arrival::atNanos).thenComparingLong(Arrival::order));
    private final Deque<Long> changes = new ArrayDeque<>();
    private final Deque<Runnable> actions = new ArrayDeque<>();
    long now = 1;
    private long order;
    private long secondEnds = SECOND;

    MediaLab(long seed) {
        this.random = new Random(seed);
    }

    Flow add(double atSeconds) {
        return add(atSeconds, true);
    }

    Flow add(double atSeconds, boolean feedback) {
        Flow flow = new Flow((long) (atSeconds * SECOND) + 1, feedback, flows.size());
        flows.add(flow);
        return flow;
    }

    /// Changes something later; in the order of time.
    void at(double seconds, Runnable action) {
        changes.add((long) (seconds * SECOND));
        actions.add(action);
    }

    private void carry(Flow flow, boolean toReceiver, boolean rtcp, byte[] packet) {
        long jitter = path.jitterNanos == 0 ? 0 : random.nextLong(path.jitterNanos);
        if (!toReceiver) {
            arrivals.add(new Arrival(now + path.delayNanos + jitter, order++, flow, false, rtcp, packet));
            return;
        }
        long waiting = path.waiting(now);
        if (waiting > path.queueNanos || random.nextDouble() < path.loss) {
            flow.lost++;
            return;
        }
        long takes = (packet.length + WIRE_OVERHEAD) * 8L * SECOND / path.bps;
        path.busyUntil = Math.max(path.busyUntil, now) + takes;
        flow.waits.add(waiting / (double) MILLI);
        arrivals.add(new Arrival(path.busyUntil + path.delayNanos + jitter, order++, flow, true, rtcp, packet));
    }

    void run(double untilSeconds) {
        long until = (long) (untilSeconds * SECOND);
        while (true) {
            long next = Math.min(until, secondEnds);
            if (!changes.isEmpty()) {
                next = Math.min(next, changes.peek());
            }
            Arrival arrival = arrivals.peek();
            if (arrival != null) {
                next = Math.min(next, arrival.atNanos);
            }
            for (Flow flow : flows) {
                next = Math.min(next, Math.max(flow.next(), flow.beginNanos));
            }
            now = Math.max(now, next);
            if (now >= until) {
                flows.forEach(Flow::endSecond);
                return;
            }
            if (now >= secondEnds) {
                flows.forEach(Flow::endSecond);
                secondEnds += SECOND;
            } else if (!changes.isEmpty() && now >= changes.peek()) {
                changes.remove();
                actions.remove().run();
            } else if (arrival != null && now >= arrival.atNanos) {
                arrivals.remove();
                arrive(arrival);
            } else {
                flows.forEach(this::tick);
            }
        }
    }

    private void tick(Flow flow) {
        if (now < flow.beginNanos) {
            return;
        }
        if (now >= flow.nextFrameNanos && now < flow.endNanos) {
            flow.frame();
        }
        flow.sender.handleTimeout(now);
        flow.receiver.handleTimeout(now);
        flow.drain();
    }

    private void arrive(Arrival arrival) {
        Flow flow = arrival.flow;
        RtpSession to = arrival.toReceiver ? flow.receiver : flow.sender;
        ByteBuffer packet = ByteBuffer.wrap(arrival.packet);
        if (arrival.rtcp) {
            to.handleRtcp(now, packet);
        } else {
            flow.arrivedBytes += arrival.packet.length + WIRE_OVERHEAD;
            to.handleRtp(now, packet);
        }
        flow.drain();
    }
}
