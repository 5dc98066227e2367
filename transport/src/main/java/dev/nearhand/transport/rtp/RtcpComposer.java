package dev.nearhand.transport.rtp;

import dev.nearhand.transport.rtcp.ReportBlock;
import dev.nearhand.transport.rtcp.RtcpPacket;
import dev.nearhand.transport.rtcp.RtcpPacket.GenericNack;
import dev.nearhand.transport.rtcp.RtcpPacket.Goodbye;
import dev.nearhand.transport.rtcp.RtcpPacket.PictureLossIndication;
import dev.nearhand.transport.rtcp.RtcpPacket.ReceiverReport;
import dev.nearhand.transport.rtcp.RtcpPacket.SenderReport;
import dev.nearhand.transport.rtcp.RtcpPacket.SourceDescription;
import dev.nearhand.transport.rtcp.RtcpWriter;
import dev.nearhand.transport.time.TimerTable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/// Composes what a session says by RTCP: a report soon after the first packet and then about once a second, every five
/// seconds while no media flows (the minimum of RFC 3550 section 6.2), NACK and PLI as soon as they are due (RFC 4585
/// lets feedback of two members leave at once), BYE.
///
/// Without reduced size (RFC 5506) every datagram is a compound that begins with a report and has a CNAME.
final class RtcpComposer {
    private static final long INTERVAL_NANOS = 1_000_000_000;
    private static final long FIRST_INTERVAL_NANOS = 100_000_000;
    private static final long IDLE_INTERVAL_NANOS = 5_000_000_000L;

    /// So long after the last packet of media nothing flows any more, and the last reports have said how it arrived.
    private static final long IDLE_AFTER_NANOS = 10_000_000_000L;

    /// Seconds from 1900, where NTP counts from, to 1970.
    private static final long NTP_EPOCH_SECONDS = 2_208_988_800L;

    private final String cname;
    private final InstantSource wallClock;
    private final RandomGenerator random;
    private final int ownSsrc;
    private final SentReports sentReports = new SentReports();
    private final Deque<Integer> goodbyes = new ArrayDeque<>();
    private boolean reducedSize;
    private long reportAtNanos = TimerTable.NEVER;
    private long activeNanos;

    RtcpComposer(String cname, InstantSource wallClock, RandomGenerator random) {
        this.cname = cname;
        this.wallClock = wallClock;
        this.random = random;
        this.ownSsrc = random.nextInt();
    }

    void setReducedSize(boolean reducedSize) {
        this.reducedSize = reducedSize;
    }

    SentReports sentReports() {
        return sentReports;
    }

    /// Something is sent or received now, so there will be something to report.
    void activity(long nowNanos) {
        boolean wasIdle = nowNanos - activeNanos > IDLE_AFTER_NANOS;
        activeNanos = nowNanos;
        if (reportAtNanos == TimerTable.NEVER || wasIdle) {
            reportAtNanos = Math.min(reportAtNanos, nowNanos + varied(FIRST_INTERVAL_NANOS));
        }
    }

    /// A stream has ended. There are no more of them than senders, and each is told once.
    void sayGoodbye(int ssrc) {
        goodbyes.add(ssrc);
    }

    boolean hasGoodbyes() {
        return !goodbyes.isEmpty();
    }

    void stopReporting() {
        reportAtNanos = TimerTable.NEVER;
    }

    long nextTimeoutNanos() {
        return reportAtNanos;
    }

    /// Writes the next datagram that is due.
    ///
    /// @return its length, or 0 when none is due
    int poll(
            long nowNanos,
            Collection<RtpSender> senders,
            Collection<RtpReceiver> receivers,
            ArrivalLog arrivals,
            ByteBuffer into) {
        List<RtcpPacket> feedback = feedback(nowNanos, senders, receivers);
        boolean reportDue = nowNanos >= reportAtNanos;
        RtcpPacket told = feedback.isEmpty() && !reportDue ? arrivals.poll(nowNanos, ssrc(senders)) : null;
        if (told != null) {
            feedback.add(told); // in a datagram of its own, as it may be long
        }
        if (feedback.isEmpty() && !reportDue) {
            return 0;
        }
        RtcpWriter out = new RtcpWriter(into);
        if (reportDue || !reducedSize || feedback.stream().anyMatch(Goodbye.class::isInstance)) {
            writeReports(nowNanos, senders, receivers, out);
        }
        feedback.forEach(out::write);
        return out.length();
    }

    /// One NACK at most, so that a datagram has room for everything.
    private List<RtcpPacket> feedback(long nowNanos, Collection<RtpSender> senders, Collection<RtpReceiver> receivers) {
        List<RtcpPacket> feedback = new ArrayList<>();
        int self = ssrc(senders);
        for (RtpReceiver receiver : receivers) {
            if (receiver.pollPli(nowNanos)) {
                feedback.add(new PictureLossIndication(self, receiver.ssrc()));
            }
        }
        for (RtpReceiver receiver : receivers) {
            List<Integer> lost = receiver.pollNack(nowNanos);
            if (!lost.isEmpty()) {
                feedback.add(new GenericNack(self, receiver.ssrc(), lost));
                break;
            }
        }
        if (!goodbyes.isEmpty()) {
            List<Integer> gone = new ArrayList<>();
            while (!goodbyes.isEmpty() && gone.size() < RtpSession.MAX_STREAMS) {
                gone.add(goodbyes.remove());
            }
            feedback.add(new Goodbye(gone, ""));
        }
        return feedback;
    }

    private void writeReports(
            long nowNanos, Collection<RtpSender> senders, Collection<RtpReceiver> receivers, RtcpWriter out) {
        if (reportAtNanos != TimerTable.NEVER) {
            boolean idle = nowNanos - activeNanos > IDLE_AFTER_NANOS;
            reportAtNanos = nowNanos + varied(idle ? IDLE_INTERVAL_NANOS : INTERVAL_NANOS);
        }
        List<ReportBlock> blocks = new ArrayList<>();
        for (RtpReceiver receiver : receivers) {
            ReportBlock block = receiver.report(nowNanos);
            if (block != null) {
                blocks.add(block);
            }
        }
        long ntpTime = ntpTime(wallClock.instant());
        boolean begun = false;
        for (RtpSender sender : senders) {
            SenderReport report = sender.report(nowNanos, ntpTime, begun ? List.of() : blocks);
            if (report != null) {
                out.write(report);
                begun = true;
            }
        }
        if (begun) {
            sentReports.sent(nowNanos, (int) (ntpTime >>> 16));
        } else {
            out.write(new ReceiverReport(ssrc(senders), blocks));
        }
        out.write(new SourceDescription(List.of(new SourceDescription.Chunk(ssrc(senders), cname))));
    }

    /// The source that speaks: a sender's, so that no further one must be made known.
    private int ssrc(Collection<RtpSender> senders) {
        for (RtpSender sender : senders) {
            if (sender.isActive()) {
                return sender.config.ssrc();
            }
        }
        return ownSsrc;
    }

    /// RFC 3550 section 6.2: intervals vary, so that members do not fall into step.
    private long varied(long nanos) {
        return nanos / 2 + random.nextLong(nanos);
    }

    static long ntpTime(Instant instant) {
        long seconds = instant.getEpochSecond() + NTP_EPOCH_SECONDS;
        long fraction = ((long) instant.getNano() << 32) / 1_000_000_000L;
        return seconds << 32 | fraction;
    }
}
