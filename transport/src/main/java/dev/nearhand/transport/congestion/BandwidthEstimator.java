package dev.nearhand.transport.congestion;

import dev.nearhand.transport.congestion.DelayDetector.Usage;
import dev.nearhand.transport.rtcp.RtcpPacket.TransportFeedback;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How fast this side may send media along a path, from what the other side says of the arrival of each packet
/// (transport-wide feedback): the least of what delay, losses and the other side's own word (REMB) allow.
///
/// Rates are of whole datagrams, IP and UDP headers included. A core without output of its own: its owner tells it of
/// each packet that it sends and of each feedback, and asks for the target and for probes.
public final class BandwidthEstimator {
    /// The rate to begin with: a key frame of a desktop in a second, and nothing that floods a telephone's line.
    public static final long START_BPS = 2_000_000;

    /// Below this no picture is worth looking at.
    public static final long LEAST_BPS = 100_000;

    /// Without any word of the other side for so long, while packets are under way, less and less is sent.
    private static final long SILENCE_NANOS = 1_000_000_000L;

    private static final long QUEUEING_NANOS = 60_000_000;
    private static final double SILENCE_BACK_OFF = 0.8;
    private static final double NANOS = 1e9;

    /// A stream that takes less than this share of what it may needs no more, and is not to be blown up by probes.
    private static final double WORTH_PROBING = 0.1;

    private static final long DEFAULT_RTT_NANOS = 100_000_000;

    private final SentHistory history = new SentHistory();
    private final DelayDetector detector = new DelayDetector();
    private final ArrivalRate arriving = new ArrivalRate();
    private final DelayRate delay = new DelayRate(START_BPS);
    private final LossRate loss = new LossRate();
    private final ApplicationLimit application = new ApplicationLimit();
    private final ProbePlan plan = new ProbePlan();
    private final QueueDelay queue = new QueueDelay();
    private final ProbeMeter meter = new ProbeMeter();
    private double mostBps = 50_000_000;
    private double remoteBps = Double.POSITIVE_INFINITY;
    private double targetBps = START_BPS;
    private long rttNanos = DEFAULT_RTT_NANOS;
    private long overusedNanos = Long.MIN_VALUE / 2;
    private long heardNanos = Long.MIN_VALUE / 2;
    private long sentNanos = Long.MIN_VALUE / 2;
    private double sentBytes; // of about a second
    private boolean heard;

    /// @param bps nothing is sent, and probed for, beyond
    public void setMost(long bps) {
        mostBps = Math.max(bps, LEAST_BPS);
        update();
    }

    /// The number that the next packet carries; its lower 16 bits go on the wire.
    public long nextSequence() {
        return history.nextSequence();
    }

    /// The packet of [#nextSequence] has been sent.
    ///
    /// @param bytes on the wire, headers of IP and UDP included
    /// @param probe that it is part of, or null
    public void onSent(long nowNanos, int bytes, @Nullable Probe probe) {
        if (nowNanos - Math.max(sentNanos, heardNanos) > SILENCE_NANOS) {
            heardNanos = nowNanos; // after a pause: nothing could be heard
        }
        sentBytes = sentBytes * Math.exp(-Math.max(0, nowNanos - sentNanos) / NANOS) + bytes;
        history.sent(nowNanos, bytes, probe == null ? PacketResult.NO_PROBE : probe.id());
        application.update(nowNanos, targetBps, bytes);
        sentNanos = nowNanos;
    }

    /// The other side says what has arrived.
    public void onFeedback(long nowNanos, TransportFeedback feedback) {
        heard = true;
        heardNanos = nowNanos;
        List<PacketResult> results = history.handle(feedback);
        if (results.isEmpty()) {
            return;
        }
        application.update(nowNanos, targetBps, 0);
        rttNanos = Math.max(1_000_000, nowNanos - history.newestSentNanos());
        long leastOneWay = Long.MAX_VALUE;
        ProbeMeter.Measured probed = null;
        for (PacketResult result : results.stream()
                .filter(result -> !result.isLost())
                .sorted(Comparator.comparingLong(PacketResult::arrivedNanos))
                .toList()) {
            detector.arrived(result);
            leastOneWay = Math.min(leastOneWay, result.arrivedNanos() - result.sentNanos());
            arriving.arrived(result.arrivedNanos(), result.bytes(), application.isLimited());
            ProbeMeter.Measured measured = result.probe() == PacketResult.NO_PROBE ? null : meter.arrived(result);
            probed = measured == null ? probed : measured;
        }
        if (leastOneWay != Long.MAX_VALUE) {
            queue.arrived(nowNanos, leastOneWay);
        }
        follow(nowNanos, probed);
        loss.handle(
                nowNanos,
                results,
                targetBps,
                arriving.isKnown() ? arriving.recentBps() : 0,
                history.newestSentNanos(),
                mostBps);
        update();
    }

    private void follow(long nowNanos, ProbeMeter.@Nullable Measured probed) {
        double before = delay.bps();
        Usage usage = detector.usage();
        if (usage == Usage.OVERUSE) {
            overusedNanos = nowNanos;
        }
        if (probed != null && usage != Usage.OVERUSE && plan.measured(nowNanos, probed, before, mostBps)) {
            loss.atLeast(probed.bps());
            if (probed.bps() > before) {
                delay.set(nowNanos, Math.min(probed.bps(), mostBps));
                arriving.set(probed.bps());
                return;
            }
        }
        boolean lowered = delay.update(
                nowNanos,
                usage,
                arrivingBps(usage),
                application.isLimited(),
                rttNanos,
                queue.nanos(),
                history.newestSentNanos(),
                LEAST_BPS,
                mostBps);
        if (lowered) {
            plan.lowered(nowNanos);
        }
    }

    private double arrivingBps(Usage usage) {
        if (!arriving.isKnown()) {
            return -1;
        }
        return usage == Usage.OVERUSE ? Math.min(arriving.bps(), arriving.recentBps()) : arriving.bps();
    }

    /// Whether so much waits on the path that nothing should be sent faster than the target.
    public boolean isQueueing() {
        return queue.nanos() > QUEUEING_NANOS;
    }

    /// The other side says itself how much it takes (REMB).
    public void onRemoteEstimate(long bps) {
        remoteBps = Math.max(bps, LEAST_BPS);
        update();
    }

    /// When [#handleTimeout] has something to do, while packets are under way of which nothing is heard.
    ///
    /// @param never what stands for not at all
    public long nextTimeoutNanos(long never) {
        return heard && sentNanos > heardNanos ? heardNanos + SILENCE_NANOS : never;
    }

    public void handleTimeout(long nowNanos) {
        if (heard && sentNanos > heardNanos && nowNanos - heardNanos >= SILENCE_NANOS) {
            heardNanos = nowNanos;
            delay.set(nowNanos, Math.max(LEAST_BPS, SILENCE_BACK_OFF * delay.bps()));
            update();
        }
    }

    /// The probe to send now, or null. Asked for whenever media is sent.
    public @Nullable Probe pollProbe(long nowNanos) {
        boolean needsLittle = heard && sentBytes * 8 < WORTH_PROBING * targetBps;
        if (targetBps >= mostBps || needsLittle) {
            return null;
        }
        Probe probe = plan.poll(nowNanos, targetBps, mostBps, overusedNanos);
        if (probe != null) {
            meter.begin(probe);
        }
        return probe;
    }

    private void update() {
        double own = heard || Double.isInfinite(remoteBps) ? Math.min(delay.bps(), loss.bps()) : remoteBps;
        double least = Math.min(own, remoteBps);
        targetBps = Math.clamp(least, LEAST_BPS, mostBps);
    }

    /// What may be sent, in bits per second.
    public long targetBps() {
        return (long) targetBps;
    }

    /// Whether the other side gives feedback.
    public boolean isHeard() {
        return heard;
    }
}
