package dev.nearhand.transport.rtp;

import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.payload.Depacketizer;
import dev.nearhand.transport.rtcp.ReportBlock;
import dev.nearhand.transport.rtcp.RtcpPacket.SenderReport;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Seq16;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One stream that is received: counts its packets, asks for those that are missing, and puts its frames together.
///
/// Listens to one SSRC at a time; another one takes over when the first has been silent for [#TAKEOVER_NANOS] or has
/// said good-bye.
final class RtpReceiver {
    static final long TAKEOVER_NANOS = 1_000_000_000;

    /// How long a gap is waited for: long enough for several requests, short enough not to be a frozen picture.
    private static final long MIN_PATIENCE_NANOS = 150_000_000;
    private static final long MAX_PATIENCE_NANOS = 700_000_000;
    private static final long EXTRA_PATIENCE_NANOS = 50_000_000;
    private static final int PATIENCE_ROUND_TRIPS = 8;

    /// A stream that begins in the middle may only have been overtaken.
    private static final long FIRST_KEYFRAME_NANOS = 20_000_000;

    RtpReceiverConfig config;

    /// The name of the one stream of several that this is, or empty.
    final String rid;

    private final RoundTripTime rtt;
    private final Map<Integer, Depacketizer> depacketizers = new HashMap<>();
    private final NackList nacks = new NackList();
    private final KeyframeWish keyframeWish = new KeyframeWish();
    private final List<JitterBuffer.Frame> frames = new ArrayList<>();
    private JitterBuffer buffer = new JitterBuffer(frames::add);
    private final UlpfecRecovery fec = new UlpfecRecovery();
    private @Nullable ReceptionStatistics statistics;
    private int ssrc;
    private long heardNanos;
    private boolean asleep;

    private long framesReceived;
    private long keyframesReceived;
    private long packetsRepaired;
    private long retransmissionsReceived;
    private long fecRecovered;
    private long packetsUseless;
    private long nacksSent;
    private long plisSent;

    RtpReceiver(RtpReceiverConfig config, RoundTripTime rtt) {
        this(config, rtt, "");
    }

    /// @param rid which of the streams of `config` it is; empty when there is only one
    RtpReceiver(RtpReceiverConfig config, RoundTripTime rtt, String rid) {
        this.config = config;
        this.rid = rid;
        this.rtt = rtt;
        change(config);
    }

    /// Takes what another exchange of descriptions has made of the stream; what has arrived stays.
    void change(RtpReceiverConfig next) {
        config = next;
        depacketizers.clear();
        for (Map.Entry<Integer, Codec> type : config.payloadTypes().entrySet()) {
            depacketizers.put(type.getKey(), Depacketizer.of(type.getValue()));
        }
        buffer.hasParity(!config.ulpfecPayloadTypes().isEmpty());
    }

    /// Nobody looks at the frames for now: they are put together as far as that goes, and nothing is asked for.
    void sleep() {
        asleep = true;
        nacks.clear();
    }

    /// Somebody does again, from the next key frame on, which is asked for.
    void wake(long nowNanos) {
        asleep = false;
        keyframeWish.want(nowNanos, rtt.nanos());
    }

    /// It has come, in the very packet for which the stream was woken.
    void keyframeTaken() {
        keyframeWish.satisfied();
    }

    /// Whether a source has been heard.
    boolean isActive() {
        return statistics != null;
    }

    /// The source that is listened to, once there is one.
    int ssrc() {
        return ssrc;
    }

    /// Takes a packet of this stream.
    ///
    /// @return the frames that it completed, in order; valid until the next call
    List<JitterBuffer.Frame> handle(long nowNanos, RtpPacket packet) {
        frames.clear();
        Integer repaired = config.rtxPayloadTypes().get(packet.payloadType());
        if (repaired != null) {
            handleRetransmission(nowNanos, RtxStream.unwrap(packet, repaired, ssrc));
            return frames;
        }
        ReceptionStatistics source = source(nowNanos, packet);
        if (source == null) {
            packetsUseless++;
            return frames;
        }
        heardNanos = nowNanos;
        long lowest = source.isEmpty() ? packet.sequence() : source.lowestSequence();
        long highest = source.isEmpty() ? packet.sequence() - 1L : source.highestSequence();
        long sequence = source.received(nowNanos, packet.sequence(), packet.timestamp());
        if (config.nack() && !asleep) {
            trackLoss(nowNanos, sequence, lowest, highest);
        }
        take(nowNanos, sequence, packet, false);
        return frames;
    }

    /// A packet that was asked for, out of a stream of its own, which is not counted in the reports about this one.
    private void handleRetransmission(long nowNanos, @Nullable RtpPacket original) {
        ReceptionStatistics source = statistics;
        if (original == null || source == null || source.isEmpty()) {
            packetsUseless++; // padding, or more than is known what to do with
            return;
        }
        retransmissionsReceived++;
        long sequence = Seq16.extend(source.highestSequence(), original.sequence());
        if (sequence <= source.highestSequence()) {
            noteArrival(nowNanos, sequence);
        }
        take(nowNanos, sequence, original, true);
    }

    private void take(long nowNanos, long sequence, RtpPacket packet, boolean retransmitted) {
        if (!insert(nowNanos, sequence, packet, retransmitted)) {
            packetsUseless++;
        }
        recover(nowNanos);
        afterwards(nowNanos);
    }

    /// Takes what parity can tell now. It is not counted as received: the sender shall go on to hear what was lost.
    private void recover(long nowNanos) {
        Set<Integer> media = config.payloadTypes().keySet();
        for (var next = fec.poll(media, ssrc); next != null; next = fec.poll(media, ssrc)) {
            nacks.arrived(nowNanos, next.sequence());
            if (insertMedia(nowNanos, next.sequence(), next.packet())) {
                fecRecovered++;
            } else {
                packetsUseless++;
            }
        }
        if (fec.pollContradiction()) {
            keyframeWish.want(nowNanos, rtt.nanos()); // what was computed before may have been wrong, and on screen
        }
    }

    private void noteArrival(long nowNanos, long sequence) {
        NackList.Arrival arrival = nacks.arrived(nowNanos, sequence);
        if (arrival.asked() > 0) {
            packetsRepaired++;
        }
        if (arrival.asked() == 1) {
            rtt.sampleOfRepair(arrival.sinceFirstAskedNanos());
        }
    }

    private @Nullable ReceptionStatistics source(long nowNanos, RtpPacket packet) {
        ReceptionStatistics current = statistics;
        if (current != null && packet.ssrc() == ssrc) {
            return current;
        }
        if (!config.takes(packet.payloadType()) || current != null && nowNanos - heardNanos < TAKEOVER_NANOS) {
            return null;
        }
        ReceptionStatistics fresh = new ReceptionStatistics(packet.ssrc(), config.clockRate());
        statistics = fresh;
        ssrc = packet.ssrc();
        nacks.clear();
        buffer = new JitterBuffer(frames::add);
        buffer.hasParity(!config.ulpfecPayloadTypes().isEmpty());
        fec.restart();
        keyframeWish.want(nowNanos + FIRST_KEYFRAME_NANOS, rtt.nanos());
        return fresh;
    }

    private void trackLoss(long nowNanos, long sequence, long lowest, long highest) {
        if (sequence > highest + 1) {
            miss(nowNanos, highest + 1, sequence);
        } else if (sequence < lowest - 1) {
            miss(nowNanos, sequence + 1, lowest); // the very first one had overtaken others
        } else if (sequence < highest) {
            noteArrival(nowNanos, sequence);
        }
    }

    private void miss(long nowNanos, long first, long end) {
        if (!nacks.add(nowNanos, first, end, rtt.nanos())) {
            buffer.awaitKeyframe();
        }
    }

    private boolean insert(long nowNanos, long sequence, RtpPacket received, boolean retransmitted) {
        boolean isRed = config.redPayloadTypes().contains(received.payloadType())
                && received.payload().hasRemaining();
        RtpPacket packet = isRed ? RtxStream.withoutRed(received) : received;
        if (packet == null) {
            return insert(nowNanos, sequence, PacketRing.Arrival.BROKEN, received);
        }
        if (isRed && config.ulpfecPayloadTypes().contains(packet.payloadType())) {
            fec.handleParity(sequence, packet.payload());
            return insert(nowNanos, sequence, PacketRing.Arrival.EMPTY, packet);
        }
        if (!config.ulpfecPayloadTypes().isEmpty()) {
            fec.handleMedia(sequence, packet, retransmitted);
        }
        return insertMedia(nowNanos, sequence, packet);
    }

    /// A packet whose payload does not count.
    private boolean insert(long nowNanos, long sequence, PacketRing.Arrival arrival, RtpPacket packet) {
        return buffer.insert(
                nowNanos,
                sequence,
                arrival,
                packet.timestamp(),
                packet.payload().slice(0, 0));
    }

    private boolean insertMedia(long nowNanos, long sequence, RtpPacket packet) {
        Depacketizer depacketizer = depacketizers.get(packet.payloadType());
        ByteBuffer media = packet.payload();
        if (depacketizer == null || !media.hasRemaining()) {
            return insert(nowNanos, sequence, PacketRing.Arrival.EMPTY, packet);
        }
        Depacketizer.Piece piece = depacketizer.inspect(media);
        if (piece == null) {
            return insert(nowNanos, sequence, PacketRing.Arrival.BROKEN, packet);
        }
        PacketRing.Kind kind =
                switch (piece.start()) {
                    case YES -> PacketRing.Kind.FRAME_START;
                    case WITH_NEW_TIMESTAMP -> PacketRing.Kind.POSSIBLE_START;
                    case NO -> PacketRing.Kind.CONTINUATION;
                };
        return buffer.insert(
                nowNanos,
                sequence,
                new PacketRing.Arrival(
                        kind, piece.keyframe(), packet.marker() || piece.end(), depacketizer, piece.picture()),
                packet.timestamp(),
                media.slice(media.position() + piece.descriptorBytes(), media.remaining() - piece.descriptorBytes()));
    }

    private void afterwards(long nowNanos) {
        for (JitterBuffer.Frame frame : frames) {
            framesReceived++;
            if (frame.keyframe()) {
                keyframesReceived++;
                keyframeWish.satisfied();
            }
        }
        nacks.dropBefore(buffer.neededFrom());
        wantKeyframeIfStuck(nowNanos);
    }

    private void wantKeyframeIfStuck(long nowNanos) {
        if (buffer.waitsForKeyframe()) {
            keyframeWish.want(nowNanos, rtt.nanos());
        }
        long arriving = buffer.keyframeSinceNanos();
        if (arriving != TimerTable.NEVER) {
            keyframeWish.postpone(arriving + patienceNanos());
        }
    }

    /// The user of the frames cannot go on.
    void requestKeyframe(long nowNanos) {
        keyframeWish.want(nowNanos, rtt.nanos());
    }

    /// Nothing more may be taken in until a key frame comes.
    void awaitKeyframe(long nowNanos) {
        buffer.awaitKeyframe();
        wantKeyframeIfStuck(nowNanos);
    }

    void handleSenderReport(long nowNanos, SenderReport report) {
        if (statistics != null && report.ssrc() == ssrc) {
            statistics.handleSenderReport(nowNanos, report);
        }
    }

    /// The source has said good-bye; another may take over at once.
    void handleBye(long nowNanos) {
        heardNanos = nowNanos - TAKEOVER_NANOS;
        nacks.clear();
        keyframeWish.satisfied();
    }

    void handleTimeout(long nowNanos) {
        if (nowNanos >= buffer.deadlineNanos(patienceNanos())) {
            buffer.awaitKeyframe();
            if (buffer.keyframeSinceNanos() == TimerTable.NEVER) {
                nacks.clear();
            } else {
                nacks.dropBefore(buffer.neededFrom());
            }
            wantKeyframeIfStuck(nowNanos);
        }
    }

    long nextTimeoutNanos() {
        return Math.min(
                buffer.deadlineNanos(patienceNanos()),
                Math.min(
                        nacks.nextNanos(rtt.nanos()),
                        isActive() && config.pli() && !asleep ? keyframeWish.nextNanos() : TimerTable.NEVER));
    }

    /// The sequence numbers to ask for now; empty when none is due.
    List<Integer> pollNack(long nowNanos) {
        List<Integer> due = nacks.pollDue(nowNanos, rtt.nanos());
        nacksSent += due.size();
        return due;
    }

    /// Whether to ask for a key frame now.
    boolean pollPli(long nowNanos) {
        if (!isActive() || asleep || !config.pli() || !keyframeWish.pollDue(nowNanos, rtt.nanos())) {
            return false;
        }
        plisSent++;
        return true;
    }

    /// What to report now, or null while nothing has been heard.
    @Nullable
    ReportBlock report(long nowNanos) {
        return statistics == null ? null : statistics.report(nowNanos);
    }

    private long patienceNanos() {
        return Math.clamp(
                PATIENCE_ROUND_TRIPS * rtt.nanos() + EXTRA_PATIENCE_NANOS, MIN_PATIENCE_NANOS, MAX_PATIENCE_NANOS);
    }

    RtpStats.Receiver stats() {
        ReceptionStatistics source = statistics;
        return new RtpStats.Receiver(
                ssrc,
                rid,
                framesReceived,
                keyframesReceived,
                buffer.skips(),
                source == null ? 0 : source.packetsReceived(),
                source == null ? 0 : source.lost(),
                packetsRepaired,
                retransmissionsReceived,
                fec.received(),
                fecRecovered,
                fec.dropped(),
                packetsUseless,
                nacksSent,
                plisSent,
                source == null ? 0 : source.jitterTicks());
    }
}
