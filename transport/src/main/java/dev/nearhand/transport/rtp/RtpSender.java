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
import java.util.ArrayList;
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
    private static final long MAX_REPEAT_NANOS = 500_000_000;
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
    private int transportId; // of the header extension with the transport-wide number; 0 for none
    private List<HeaderExtensions.Element> extensions = List.of();
    private int transportOffset; // where that number stands in a packet; 0 for none
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
    private long paddingPackets;
    private int polledOffset;
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
        extend();
        repairsApart = next.repair() instanceof RtpSenderConfig.Repair.Rtx;
        if (next.repair() instanceof RtpSenderConfig.Repair.Rtx repair) {
            if (rtx == null) {
                rtx = new RtxStream(repair, random.nextInt(INITIAL_SEQUENCE_BOUND));
            }
            rtx.change(repair);
        }
    }

    /// Numbers the packets of all streams of the transport, from the next frame on.
    ///
    /// @param extensionId 1–14, or 0 not to
    void numberTransportWide(int extensionId) {
        transportId = extensionId;
        extend();
    }

    boolean isNumbered() {
        return transportId != 0;
    }

    private void extend() {
        List<HeaderExtensions.Element> elements = new ArrayList<>();
        if (transportId != 0) {
            elements.add(new HeaderExtensions.Element(transportId, ByteBuffer.allocate(2)));
        }
        ByteBuffer mid = ByteBuffer.wrap(config.mid().getBytes(StandardCharsets.UTF_8));
        if (config.midExtensionId() != 0 && mid.hasRemaining() && mid.remaining() <= 255) {
            elements.add(new HeaderExtensions.Element(config.midExtensionId(), mid));
        }
        extensions = elements;
        headerBytes = RtpPacket.FIXED_HEADER_BYTES + HeaderExtensions.bytes(elements);
        transportOffset =
                transportId == 0 ? 0 : RtpPacket.FIXED_HEADER_BYTES + HeaderExtensions.firstValueOffset(elements);
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
            entry.transportOffset = transportOffset;
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
        out.u8(0x80 | (extensions.isEmpty() ? 0 : 0x10))
                .u8((marker ? 0x80 : 0) | config.payloadType())
                .u16((int) nextSequence)
                .i32(timestamp)
                .i32(config.ssrc());
        HeaderExtensions.write(out, extensions);
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
                polledOffset = entry.transportOffset;
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
        polledOffset = entry.transportOffset;
        if (sendSequence == nextSequence && config.nack()) {
            tailAtNanos = nowNanos + TAIL_NANOS[0];
        }
        return entry.length;
    }

    /// Where the transport-wide number belongs in the packet that was polled last; 0 when it has none.
    int polledOffset() {
        return polledOffset;
    }

    /// Writes something to fill a probe with: the newest packet once more, in the stream of retransmissions.
    ///
    /// @return its length, or 0 when there is no such stream, or nothing that could be numbered
    int pollPadding(ByteBuffer into) {
        SentPackets.Entry last = packets.find(sendSequence - 1);
        if (rtx == null || !repairsApart || last == null || last.transportOffset == 0) {
            return 0;
        }
        paddingPackets++;
        polledOffset = last.transportOffset;
        return rtx.wrap(last.bytes, last.length, last.headerBytes, into);
    }

    /// The other side misses packets.
    void handleNack(long nowNanos, List<Integer> lost, long rttNanos, RepeatBudget budget) {
        long pauseNanos = Math.clamp(rttNanos / 2, MIN_REPEAT_NANOS, MAX_REPEAT_NANOS);
        for (int sequence : lost) {
            SentPackets.Entry entry = packets.find(Seq16.extend(sendSequence, sequence));
            if (entry != null
                    && entry.sequence < sendSequence
                    && nowNanos - entry.sentNanos <= SentPackets.KEPT_NANOS
                    && !(entry.repeated && nowNanos - entry.repeatedNanos < pauseNanos)
                    && !entry.queued
                    && budget.take(nowNanos, entry.length + SendRate.OVERHEAD_BYTES)) {
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
                paddingPackets,
                payloadBytesSent,
                nextSequence - sendSequence,
                keyframeRequests);
    }
}
