package dev.nearhand.transport.rtp;

import dev.nearhand.transport.congestion.BandwidthEstimator;
import dev.nearhand.transport.congestion.Probe;
import dev.nearhand.transport.rtcp.RtcpPacket.TransportFeedback;
import dev.nearhand.transport.time.TimerTable;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// When packets of media may leave: paced, and where the other side tells how they arrive, by the estimate of what the
/// path takes.
final class SendRate {
    /// What a plain packet of RTP is longer on the wire: SRTP's tag, UDP and IPv4.
    static final int OVERHEAD_BYTES = 16 + 8 + 20;

    /// What is left to frames of the rate of whole datagrams.
    private static final double FRAME_SHARE = 0.94;

    /// Frames keep that much of their rate whatever must be sent again.
    private static final double LEAST_FRAME_SHARE = 0.5;

    /// A target is told anew when it has changed by this share.
    private static final double TOLD_STEP = 0.03;

    /// So long the other side's first feedback is waited for.
    private static final long FIRST_FEEDBACK_NANOS = 1_000_000_000L;

    private static final long NO_TARGET = 0;

    private final Pacer pacer = new Pacer();
    private final BandwidthEstimator estimator = new BandwidthEstimator();
    private final RepeatBudget repeats = new RepeatBudget();
    private boolean agreed;
    private boolean remoteEstimates;
    private long firstSentNanos = TimerTable.NEVER;
    private @Nullable Probe probe;
    private int probeBytesLeft;
    private long toldBps = NO_TARGET;

    /// @param feedback whether packets carry a number, and the other side tells of their arrival
    void agree(boolean feedback) {
        agreed = feedback;
    }

    void setMost(long bps) {
        estimator.setMost(bps);
    }

    void paceAtLeast(long bps) {
        pacer.setMinRateBps(bps);
    }

    /// A frame has been queued; what waits is that much, with it.
    void queued(long nowNanos, int frameBytes, long waitingBytes) {
        follow(nowNanos);
        pacer.queued(nowNanos, frameBytes, waitingBytes);
    }

    private boolean isLed(long nowNanos) {
        return remoteEstimates
                || agreed
                        && (estimator.isHeard()
                                || firstSentNanos == TimerTable.NEVER
                                || nowNanos - firstSentNanos < FIRST_FEEDBACK_NANOS);
    }

    private void follow(long nowNanos) {
        if (probe == null) {
            long target = isLed(nowNanos) ? estimator.targetBps() : NO_TARGET;
            pacer.lead(nowNanos, target, estimator.isQueueing(), isKnown());
            repeats.lead(target);
        }
    }

    boolean maySend(long nowNanos) {
        // what fills a probe up is wasted on a side that agrees to feedback and gives none, and may confuse it
        if (probe == null && agreed && estimator.isHeard()) {
            probe = estimator.pollProbe(nowNanos);
            if (probe != null) {
                probeBytesLeft = probe.bytes();
                pacer.probe(nowNanos, probe.rateBps());
            }
        }
        return pacer.maySend(nowNanos);
    }

    /// Whether a probe goes on, with media or with something else.
    boolean isProbing() {
        return probe != null;
    }

    /// Nothing is left that the probe could go on with.
    void endProbe(long nowNanos) {
        probe = null;
        follow(nowNanos);
    }

    /// Writes the next transport-wide number.
    void stamp(ByteBuffer packet, int at) {
        packet.putShort(at, (short) estimator.nextSequence());
    }

    /// @param stamped whether the packet has a number
    void sent(long nowNanos, int bytes, boolean stamped) {
        pacer.sent(nowNanos, bytes + OVERHEAD_BYTES);
        if (firstSentNanos == TimerTable.NEVER) {
            firstSentNanos = nowNanos;
        }
        if (stamped) {
            estimator.onSent(nowNanos, bytes + OVERHEAD_BYTES, probe);
        }
        if (probe != null) {
            probeBytesLeft -= bytes + OVERHEAD_BYTES;
            if (probeBytesLeft <= 0) {
                endProbe(nowNanos);
            }
        }
    }

    void handleFeedback(long nowNanos, TransportFeedback feedback) {
        if (agreed) {
            estimator.onFeedback(nowNanos, feedback);
            follow(nowNanos);
        }
    }

    void handleRemoteEstimate(long nowNanos, long bps) {
        remoteEstimates = true;
        estimator.onRemoteEstimate(bps);
        follow(nowNanos);
    }

    void handleTimeout(long nowNanos) {
        estimator.handleTimeout(nowNanos);
        follow(nowNanos);
    }

    /// When something that waits may leave.
    long nextNanos() {
        return pacer.nextNanos();
    }

    long nextTimeoutNanos() {
        return agreed ? estimator.nextTimeoutNanos(TimerTable.NEVER) : TimerTable.NEVER;
    }

    /// The rate that frames should have from now on, in bits per second, when it has changed by enough to be told; 0
    /// when it has not.
    long pollTarget(long nowNanos) {
        if (!isLed(nowNanos) || firstSentNanos == TimerTable.NEVER) {
            return NO_TARGET;
        }
        long target = frameBps(nowNanos);
        if (Math.abs(target - toldBps) <= TOLD_STEP * toldBps) {
            return NO_TARGET;
        }
        toldBps = target;
        return target;
    }

    /// For all frames of all streams together, when nothing must be sent again.
    long targetBps() {
        return (long) (FRAME_SHARE * estimator.targetBps());
    }

    /// What repetitions leave of it.
    private long frameBps(long nowNanos) {
        double all = targetBps();
        return (long) Math.max(LEAST_FRAME_SHARE * all, all - repeats.recentBps(nowNanos));
    }

    /// What is asked for again comes out of this.
    RepeatBudget repeats() {
        return repeats;
    }

    /// Whether the other side has said anything about the path.
    boolean isKnown() {
        return estimator.isHeard() || remoteEstimates;
    }
}
