package dev.nearhand.transport.rtp;

import dev.nearhand.transport.payload.Packetizer;
import dev.nearhand.transport.rtcp.ReportBlock;
import dev.nearhand.transport.rtcp.RtcpPacket.SenderReport;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.ByteWriter;
import dev.nearhand.transport.wire.Seq16;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One stream that is sent: cuts frames into packets at once, and hands them out when the session's pacer allows.
///
/// Answers NACKs in a stream of retransmissions (RFC 4588) when that was agreed on, else on the same SSRC with the same
/// bytes. When nothing follows a packet, its loss cannot be noticed by the
/// other side: so the last one is repeated after a short silence, and again when a receiver report does not know it.
final class RtpSender {
    /// The longest plain packet: 1,200 bytes on the wire, without SRTP's tag.
    static final int MAX_PACKET_BYTES = 1_184;

    /// How many packets may wait; a frame that does not fit in any more is dropped, and a key frame is asked for.
    static final int MAX_WAITING_PACKETS = 3_072;

    /// How many repetitions may wait; what is asked for beyond is ignored, to be asked for again.
    static final int MAX_WAITING_REPEATS = 1_024;

    /// After how much silence the last packet is repeated, each time.
    private static final long[] TAIL_NANOS = {50_000_000, 150_000_000};

    private static final long MIN_REPEAT_NANOS = 2_000_000;
    private static final long MAX_REPEAT_NANOS = 100_000_000;
    private static final long MIN_KEYFRAME_REQUEST_NANOS = 50_000_000;

    /// RFC 3711 section 3.3.1 wants the first number in the lower half, so that losing the first packets cannot hide a
    /// rollover.
    private static final int INITIAL_SEQUENCE_BOUND = 1 << 15;

    /// What becomes of a frame.
    enum Queued {
        QUEUED,
        /// Too much waits already.
        NO_ROOM,
        /// Its format does not allow to send it, or it is none of its format.
        NOT_SENDABLE
    }

    RtpSenderConfig config;
    private final RandomGenerator random;
    private byte[] mid = new byte[0];
    private int headerBytes;
    private Packetizer packetizer;
    private boolean repairsApart;
    private @Nullable RtxStream rtx; // stays when it is not used, to go on counting
    private final SentPackets packets = new SentPackets();
    private final Deque<Long> repeats = new ArrayDeque<>();
    private final int firstSequence;
    private long nextSequence; // of the next packet to be made
    private long sendSequence; // of the next packet to be sent
    private long waitingBytes;

    private long packetsSent;
    private long payloadBytesSent;
    private long packetsRepeated;
    private long framesSent;
    private long framesDropped;
    private long keyframeRequests;

    private long frameNanos;
    private int frameTimestamp;
    private int tailsSent;
    private long tailAtNanos = TimerTable.NEVER;
    private long keyframeRequestNanos = Long.MIN_VALUE / 2;
    private int lastFirSequence = -1;

    RtpSender(RtpSenderConfig config, RandomGenerator random) {
        this.config = config;
        this.random = random;
        this.packetizer = Packetizer.of(config.codec(), random.nextInt(), config.singleNalUnits());
        this.firstSequence = random.nextInt(INITIAL_SEQUENCE_BOUND);
        this.nextSequence = firstSequence;
        this.sendSequence = firstSequence;
        change(config);
    }

    /// Sends as another exchange of descriptions has it, from the next frame on. The SSRCs stay, and what they count.
    final void change(RtpSenderConfig next) {
        if (next.codec() != config.codec() || next.singleNalUnits() != config.singleNalUnits()) {
            packetizer = Packetizer.of(next.codec(), random.nextInt(), next.singleNalUnits());
        }
        config = next;
        byte[] name = next.mid().getBytes(StandardCharsets.UTF_8);
        mid = next.midExtensionId() == 0 || name.length > 255 ? new byte[0] : name;
        headerBytes = RtpPacket.FIXED_HEADER_BYTES + (mid.length == 0 ? 0 : HeaderExtensions.singleBytes(mid));
        repairsApart = next.repair() instanceof RtpSenderConfig.Repair.Rtx;
        if (next.repair() instanceof RtpSenderConfig.Repair.Rtx repair) {
            if (rtx == null) {
                rtx = new RtxStream(repair, random.nextInt(INITIAL_SEQUENCE_BOUND));
            }
            rtx.change(repair);
        }
    }

    /// Cuts a frame into packets that wait to be sent.
    ///
    /// @return what became of it; unless it was queued it was dropped
    Queued queue(long nowNanos, ByteBuffer frame, int timestamp) {
        int room = MAX_PACKET_BYTES - headerBytes - (repairsApart ? RtxStream.HEAD_BYTES : 0);
        if (!packetizer.begin(frame, room)) {
            framesDropped++;
            return Queued.NOT_SENDABLE;
        }
        if (nextSequence - sendSequence + packetizer.payloadsLeft() > MAX_WAITING_PACKETS) {
            framesDropped++;
            return Queued.NO_ROOM;
        }
        while (packetizer.hasNext()) {
            SentPackets.Entry entry = packets.claim(nextSequence);
            ByteBuffer target = ByteBuffer.wrap(entry.bytes);
            writeHeader(
                    new ByteWriter(target),
                    packetizer.payloadsLeft() == 1 && !config.codec().isAudio(),
                    timestamp);
            packetizer.writeNext(target);
            entry.length = target.position();
            entry.headerBytes = headerBytes;
            waitingBytes += entry.length;
            nextSequence++;
        }
        frameNanos = nowNanos;
        frameTimestamp = timestamp;
        framesSent++;
        tailAtNanos = TimerTable.NEVER;
        tailsSent = 0;
        return Queued.QUEUED;
    }

    private void writeHeader(ByteWriter out, boolean marker, int timestamp) {
        boolean extended = mid.length > 0;
        out.u8(0x80 | (extended ? 0x10 : 0))
                .u8((marker ? 0x80 : 0) | config.payloadType())
                .u16((int) nextSequence)
                .i32(timestamp)
                .i32(config.ssrc());
        if (extended) {
            HeaderExtensions.writeSingle(out, config.midExtensionId(), mid);
        }
    }

    /// Bytes that wait to be sent for the first time.
    long waitingBytes() {
        return waitingBytes;
    }

    boolean hasWaiting() {
        return sendSequence < nextSequence || !repeats.isEmpty();
    }

    /// Writes the next packet, repetitions first.
    ///
    /// @return its length, or 0 when none waits
    int poll(long nowNanos, ByteBuffer into) {
        for (Long sequence = repeats.poll(); sequence != null; sequence = repeats.poll()) {
            SentPackets.Entry entry = packets.find(sequence);
            if (entry != null) {
                entry.queued = false;
                entry.repeated = true;
                entry.repeatedNanos = nowNanos;
                packetsRepeated++;
                if (rtx != null && repairsApart && !entry.asItWas) {
                    return rtx.wrap(entry.bytes, entry.length, entry.headerBytes, into);
                }
                into.put(entry.bytes, 0, entry.length);
                return entry.length;
            }
        }
        SentPackets.Entry entry = sendSequence < nextSequence ? packets.find(sendSequence) : null;
        if (entry == null) {
            return 0;
        }
        sendSequence++;
        waitingBytes -= entry.length;
        entry.sentNanos = nowNanos;
        packetsSent++;
        payloadBytesSent += entry.length - entry.headerBytes;
        into.put(entry.bytes, 0, entry.length);
        if (sendSequence == nextSequence && config.nack()) {
            tailAtNanos = nowNanos + TAIL_NANOS[0];
        }
        return entry.length;
    }

    /// The other side misses packets.
    void handleNack(long nowNanos, List<Integer> lost, long rttNanos) {
        long pauseNanos = Math.clamp(rttNanos / 2, MIN_REPEAT_NANOS, MAX_REPEAT_NANOS);
        for (int sequence : lost) {
            SentPackets.Entry entry = packets.find(Seq16.extend(sendSequence, sequence));
            if (entry != null
                    && entry.sequence < sendSequence
                    && nowNanos - entry.sentNanos <= SentPackets.KEPT_NANOS
                    && !(entry.repeated && nowNanos - entry.repeatedNanos < pauseNanos)) {
                repeat(entry, false);
            }
        }
    }

    /// @param asItWas on the same SSRC in any case, so that the reports about it tell whether it arrived
    private void repeat(SentPackets.Entry entry, boolean asItWas) {
        if (!entry.queued && repeats.size() < MAX_WAITING_REPEATS) {
            entry.queued = true;
            entry.asItWas = asItWas;
            repeats.add(entry.sequence);
        }
    }

    /// The other side tells how far it has come; when that is not to the end, and the end had the time to arrive, then
    /// the end is lost, and a repetition of it lets the other side see the gap.
    void handleReport(long nowNanos, ReportBlock block, long rttNanos) {
        SentPackets.Entry last = packets.find(sendSequence - 1);
        if (config.nack()
                && last != null
                && sendSequence == nextSequence
                && Seq16.isNewer((int) last.sequence & 0xFFFF, block.highestSequence() & 0xFFFF)
                && nowNanos - Math.max(last.sentNanos, last.repeated ? last.repeatedNanos : 0) > rttNanos) {
            repeat(last, true);
        }
    }

    /// @return whether it is a new wish, and not the same one again
    boolean handleKeyframeRequest(long nowNanos) {
        if (nowNanos - keyframeRequestNanos < MIN_KEYFRAME_REQUEST_NANOS) {
            return false;
        }
        keyframeRequestNanos = nowNanos;
        keyframeRequests++;
        return true;
    }

    /// RFC 5104 section 4.3.1.2: the same sequence number is the same request.
    boolean handleFir(long nowNanos, int firSequence) {
        if (firSequence == lastFirSequence) {
            return false;
        }
        lastFirSequence = firSequence;
        return handleKeyframeRequest(nowNanos);
    }

    void handleTimeout(long nowNanos) {
        if (nowNanos < tailAtNanos) {
            return;
        }
        SentPackets.Entry last = packets.find(sendSequence - 1);
        if (last != null) {
            repeat(last, true);
        }
        tailsSent++;
        tailAtNanos = tailsSent < TAIL_NANOS.length ? nowNanos + TAIL_NANOS[tailsSent] : TimerTable.NEVER;
    }

    long nextTimeoutNanos() {
        return tailAtNanos;
    }

    /// Whether anything has been sent, so that there is something to report and to say good-bye to.
    boolean isActive() {
        return packetsSent > 0;
    }

    /// What to report now, or null while nothing has been sent.
    @Nullable
    SenderReport report(long nowNanos, long ntpTime, List<ReportBlock> blocks) {
        if (!isActive()) {
            return null;
        }
        long ticks = Math.round((nowNanos - frameNanos) / 1e9 * config.clockRate());
        return new SenderReport(
                config.ssrc(),
                ntpTime,
                frameTimestamp + (int) ticks,
                packetsSent & 0xFFFF_FFFFL,
                payloadBytesSent & 0xFFFF_FFFFL,
                blocks);
    }

    RtpStats.Sender stats() {
        return new RtpStats.Sender(
                config.ssrc(),
                framesSent,
                framesDropped,
                packetsSent,
                packetsRepeated,
                payloadBytesSent,
                nextSequence - sendSequence,
                keyframeRequests);
    }
}
