package dev.nearhand.transport.rtp;

import dev.nearhand.transport.rtcp.ReportBlock;
import dev.nearhand.transport.rtcp.RtcpPacket.SenderReport;
import dev.nearhand.transport.wire.Seq16;

/// Counts the packets of one source as receiver reports want it (RFC 3550 appendices A.1, A.3 and A.8).
final class ReceptionStatistics {
    private static final long NONE = -1;
    private static final double NANOS = 1e9;

    private final int ssrc;
    private final int clockRate;
    private long firstSequence = NONE;
    private long highestSequence = NONE;
    private long received;
    private long expectedBefore;
    private long receivedBefore;
    private double jitter;
    private long transitTicks;
    private boolean hasTransit;
    private int lastSenderReport;
    private long lastSenderReportNanos;
    private boolean hasSenderReport;

    ReceptionStatistics(int ssrc, int clockRate) {
        this.ssrc = ssrc;
        this.clockRate = clockRate;
    }

    /// Counts a packet.
    ///
    /// @return its extended sequence number; negative only for what was sent before the first one that arrived
    long received(long nowNanos, int sequence, int timestamp) {
        received++;
        if (firstSequence == NONE) {
            firstSequence = sequence;
            highestSequence = sequence;
        }
        long extended = Seq16.extend(highestSequence, sequence);
        if (extended >= highestSequence) {
            highestSequence = extended;
            jitter(nowNanos, timestamp);
        } else {
            firstSequence = Math.min(firstSequence, extended);
        }
        return extended;
    }

    /// Only packets in order tell: a retransmission's delay is no jitter of the path.
    private void jitter(long nowNanos, int timestamp) {
        long arrivalTicks = Math.round(nowNanos / NANOS * clockRate);
        int transit = (int) arrivalTicks - timestamp;
        if (hasTransit) {
            long difference = Math.abs((long) (transit - (int) transitTicks));
            jitter += (difference - jitter) / 16;
        }
        transitTicks = transit;
        hasTransit = true;
    }

    void handleSenderReport(long nowNanos, SenderReport report) {
        lastSenderReport = report.middleOfNtpTime();
        lastSenderReportNanos = nowNanos;
        hasSenderReport = true;
    }

    boolean isEmpty() {
        return received == 0;
    }

    long lowestSequence() {
        return firstSequence;
    }

    long highestSequence() {
        return highestSequence;
    }

    /// What to report now; begins a new interval for the fraction lost.
    ReportBlock report(long nowNanos) {
        long expected = expected();
        long expectedInterval = expected - expectedBefore;
        long lostInterval = expectedInterval - (received - receivedBefore);
        expectedBefore = expected;
        receivedBefore = received;
        int fraction = expectedInterval <= 0 || lostInterval <= 0
                ? 0
                : (int) Math.min(255, (lostInterval << 8) / expectedInterval);
        long delay = Math.round((nowNanos - lastSenderReportNanos) / NANOS * 65_536);
        return new ReportBlock(
                ssrc,
                fraction,
                Math.toIntExact(Math.clamp(lost(), -0x80_0000, 0x7F_FFFF)),
                (int) highestSequence,
                Math.round(jitter),
                hasSenderReport ? lastSenderReport : 0,
                hasSenderReport ? Math.clamp(delay, 0L, 0xFFFF_FFFFL) : 0);
    }

    private long expected() {
        return highestSequence - firstSequence + 1;
    }

    long lost() {
        return expected() - received;
    }

    long packetsReceived() {
        return received;
    }

    long jitterTicks() {
        return Math.round(jitter);
    }
}
