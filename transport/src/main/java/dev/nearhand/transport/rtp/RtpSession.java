package dev.nearhand.transport.rtp;

import dev.nearhand.transport.rtcp.ReportBlock;
import dev.nearhand.transport.rtcp.RtcpCompound;
import dev.nearhand.transport.rtcp.RtcpPacket;
import dev.nearhand.transport.rtcp.RtcpReader;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// All streams of one BUNDLE transport, over plain packets: RTP and RTCP (RFC 3550) with NACK and PLI (RFC 4585).
///
/// Packets go in and out unprotected; SRTP is around it. Like every core it is told what arrived and what time it is,
/// and after each call its owner drains [#pollEvent] and [#pollTransmit] and asks [#nextTimeoutNanos]. Does not
/// re-encode; it tells how fast the path lets it send. A receiver is one stream with its retransmissions, or one of the
/// streams of a [Simulcast].
/// Belongs to one thread.
public final class RtpSession {
    /// How many senders, and how many receivers, there can be.
    public static final int MAX_STREAMS = 8;

    /// The longest packet that [#pollTransmit] writes, before it is protected.
    public static final int MAX_PACKET_BYTES = RtpSender.MAX_PACKET_BYTES;

    /// How many events may wait. They are drained after each call, so this is only reached by an owner that does not;
    /// then a frame is dropped, and its stream goes on at the next key frame.
    static final int MAX_EVENTS = 8_192;

    private final RandomGenerator random;
    private final RtcpComposer rtcp;
    private final RoundTripTime rtt = new RoundTripTime();
    private final SendRate rate = new SendRate();
    private final ArrivalLog arrivals = new ArrivalLog();
    private final ReceiverRouting routing = new ReceiverRouting();
    private final Map<Integer, RtpSender> senders = new LinkedHashMap<>();
    private final ReceivedTracks tracks = new ReceivedTracks();
    private final Deque<RtpEvent> events = new ArrayDeque<>();
    private int nextHandle = 1;
    private int arrivalExtensionId;
    private boolean closed;

    private long malformedRtp;
    private long unroutedRtp;
    private long malformedRtcp;
    private long unknownRtcp;
    private long transportFeedbacks;
    private long rembs;

    /// @param cname names this end in RTCP; random, as RFC 7022 wants it, and short
    /// @param random makes sequence numbers, picture ids and an SSRC, and varies intervals
    public RtpSession(String cname, InstantSource wallClock, RandomGenerator random) {
        this.random = random;
        this.rtcp = new RtcpComposer(cname, wallClock, random);
    }

    /// Adds a stream to send.
    ///
    /// @return its handle
    public int addSender(RtpSenderConfig config) {
        checkRoom(senders.keySet());
        senders.put(nextHandle, new RtpSender(config, random));
        return nextHandle++;
    }

    /// Adds a stream to expect.
    ///
    /// @return its handle
    public int addReceiver(RtpReceiverConfig config) {
        checkRoom(tracks.handles());
        tracks.add(nextHandle, config, rtt).forEach(routing::add);
        return nextHandle++;
    }

    /// Goes on with a sender, or a receiver, as another exchange of descriptions has it: the same stream, counted on.
    ///
    /// @param config of the same SSRC
    public void changeSender(int sender, RtpSenderConfig config) {
        RtpSender stream = senders.get(sender);
        if (stream != null) {
            stream.change(config);
        }
    }

    /// As [#changeSender]; the layers stay as they were.
    public void changeReceiver(int receiver, RtpReceiverConfig config) {
        for (RtpReceiver stream : tracks.of(receiver)) {
            stream.change(config);
            routing.add(stream);
        }
    }

    private static void checkRoom(Set<Integer> streams) {
        if (streams.size() >= MAX_STREAMS) {
            throw new IllegalStateException("a session has room for " + MAX_STREAMS + " streams of a kind");
        }
    }

    /// Numbers the packets of a sender transport-wide
    /// (draft-holmer-rmcat-transport-wide-cc-extensions-01), so that the other side can tell how they arrive.
    ///
    /// @param extensionId of the header extension, 1–14; 0 when it was not agreed on
    public void numberTransportWide(int sender, int extensionId) {
        RtpSender stream = senders.get(sender);
        if (stream != null) {
            stream.numberTransportWide(extensionId);
            rate.agree(senders.values().stream().anyMatch(RtpSender::isNumbered));
        }
    }

    /// Tells the other side how its packets arrive.
    ///
    /// @param extensionId as for [#numberTransportWide]
    public void tellArrivals(int extensionId) {
        arrivalExtensionId = extensionId;
    }

    /// Media is never sent faster than that, and the path never probed for more.
    ///
    /// @param bps of whole datagrams
    public void sendAtMost(long bps) {
        rate.setMost(bps);
    }

    /// Ends a stream; the other side is told.
    public void removeSender(int sender) {
        RtpSender removed = senders.remove(sender);
        if (removed != null && removed.isActive()) {
            rtcp.sayGoodbye(removed.config.ssrc());
        }
    }

    public void removeReceiver(int receiver) {
        tracks.remove(receiver).forEach(routing::remove);
    }

    /// Ends everything; what is left to send is one BYE.
    public void close() {
        List.copyOf(senders.keySet()).forEach(this::removeSender);
        List.copyOf(tracks.handles()).forEach(this::removeReceiver);
        rtcp.stopReporting();
        arrivals.stop();
        closed = true;
    }

    /// Whether RTCP may leave without a report around it (`a=rtcp-rsize`, RFC 5506).
    public void reducedSize(boolean agreed) {
        rtcp.setReducedSize(agreed);
    }

    /// What another protocol on the same path measured.
    public void roundTripTime(long nanos) {
        rtt.sample(nanos);
    }

    /// The rate below which large frames are never slowed down.
    public void paceAtLeast(long bitsPerSecond) {
        rate.paceAtLeast(bitsPerSecond);
    }

    /// Sends a frame. One that does not fit behind what still waits is dropped and a key frame is asked for.
    ///
    /// @param frame copied
    /// @param rtpTimestamp its lower 32 bits count, in units of the clock rate
    public void sendFrame(long nowNanos, int sender, ByteBuffer frame, long rtpTimestamp) {
        RtpSender stream = senders.get(sender);
        if (closed || stream == null || !frame.hasRemaining()) {
            return;
        }
        switch (stream.queue(nowNanos, frame, (int) rtpTimestamp)) {
            case QUEUED -> {
                rtcp.activity(nowNanos);
                long waiting = senders.values().stream()
                        .mapToLong(RtpSender::waitingBytes)
                        .sum();
                rate.queued(nowNanos, frame.remaining(), waiting);
            }
            case NO_ROOM -> {
                if (stream.handleKeyframeRequest(nowNanos)) {
                    add(new RtpEvent.KeyframeRequested(sender));
                }
            }
            case NOT_SENDABLE -> {
                // counted; a key frame from the same encoder would fare no better
            }
        }
    }

    /// Asks the other side for a key frame, again and again until one has come.
    public void requestKeyframe(long nowNanos, int receiver) {
        RtpReceiver stream = tracks.current(receiver);
        if (stream != null) {
            stream.requestKeyframe(nowNanos);
        }
    }

    /// Follows one of the streams of a receiver that has several, while it flows.
    ///
    /// @param rid its name; empty for whichever is best, as it is from the start
    public void selectLayer(long nowNanos, int receiver, String rid) {
        Simulcast simulcast = tracks.simulcast(receiver);
        if (simulcast != null) {
            simulcast.select(nowNanos, rid);
        }
    }

    /// Takes a plain RTP packet, from the buffer's position to its limit.
    public void handleRtp(long nowNanos, ByteBuffer datagram) {
        RtpPacket packet = RtpPacket.parse(datagram);
        if (packet == null) {
            malformedRtp++;
            return;
        }
        ByteBuffer number = arrivalExtensionId == 0 ? null : packet.extension(arrivalExtensionId);
        if (number != null && number.remaining() >= 2) {
            arrivals.arrived(nowNanos, number.getShort(number.position()) & 0xFFFF, packet.ssrc());
        }
        RtpReceiver receiver = routing.route(packet, tracks.receivers());
        if (receiver == null) {
            unroutedRtp++;
            return;
        }
        rtcp.activity(nowNanos);
        int handle = tracks.handle(receiver);
        for (JitterBuffer.Frame frame : tracks.handle(nowNanos, receiver, packet)) {
            if (events.size() >= MAX_EVENTS) {
                receiver.awaitKeyframe(nowNanos);
                break;
            }
            add(new RtpEvent.FrameReceived(
                    handle,
                    frame.codec(),
                    ByteBuffer.wrap(frame.data()),
                    frame.timestamp() & 0xFFFF_FFFFL,
                    frame.keyframe()));
        }
    }

    /// Takes a plain RTCP datagram, from the buffer's position to its limit.
    public void handleRtcp(long nowNanos, ByteBuffer datagram) {
        RtcpCompound compound = RtcpReader.parse(datagram);
        malformedRtcp += compound.malformed();
        unknownRtcp += compound.unknown();
        for (RtcpPacket packet : compound.packets()) {
            handle(nowNanos, packet);
        }
    }

    private void handle(long nowNanos, RtcpPacket packet) {
        switch (packet) {
            case RtcpPacket.SenderReport report -> {
                RtpReceiver receiver = routing.ofSource(report.ssrc());
                if (receiver != null) {
                    receiver.handleSenderReport(nowNanos, report);
                }
                report.blocks().forEach(block -> handleReport(nowNanos, block));
            }
            case RtcpPacket.ReceiverReport report -> report.blocks().forEach(block -> handleReport(nowNanos, block));
            case RtcpPacket.Goodbye bye -> bye.ssrcs().forEach(ssrc -> handleBye(nowNanos, ssrc));
            case RtcpPacket.GenericNack nack -> {
                RtpSender sender = senders.get(senderOf(nack.mediaSsrc()));
                if (sender != null && sender.config.nack()) {
                    sender.handleNack(nowNanos, nack.lost(), rtt.nanos(), rate.repeats());
                }
            }
            case RtcpPacket.PictureLossIndication pli -> {
                int handle = senderOf(pli.mediaSsrc());
                RtpSender sender = senders.get(handle);
                if (sender != null && sender.handleKeyframeRequest(nowNanos)) {
                    add(new RtpEvent.KeyframeRequested(handle));
                }
            }
            case RtcpPacket.FullIntraRequest request ->
                request.entries().forEach(entry -> {
                    int handle = senderOf(entry.ssrc());
                    RtpSender sender = senders.get(handle);
                    if (sender != null && sender.handleFir(nowNanos, entry.sequence())) {
                        add(new RtpEvent.KeyframeRequested(handle));
                    }
                });
            case RtcpPacket.EstimatedMaxBitrate estimate -> {
                rembs++;
                rate.handleRemoteEstimate(nowNanos, estimate.bitrateBps());
            }
            case RtcpPacket.TransportFeedback feedback -> {
                transportFeedbacks++;
                rate.handleFeedback(nowNanos, feedback);
            }
            case RtcpPacket.SourceDescription _ -> {
                // nobody here acts on it
            }
        }
    }

    private void handleReport(long nowNanos, ReportBlock block) {
        RtpSender sender = senders.get(senderOf(block.ssrc()));
        if (sender == null) {
            return;
        }
        long sample = rtcp.sentReports().roundTripNanos(nowNanos, block);
        if (sample != SentReports.UNKNOWN) {
            rtt.sample(sample);
        }
        sender.handleReport(nowNanos, block, rtt.nanos());
    }

    private void handleBye(long nowNanos, int ssrc) {
        RtpReceiver receiver = routing.ofSource(ssrc);
        if (receiver != null && receiver.isActive() && receiver.ssrc() == ssrc) {
            receiver.handleBye(nowNanos);
            add(new RtpEvent.Bye(tracks.handle(receiver)));
        }
    }

    private int senderOf(int ssrc) {
        for (Map.Entry<Integer, RtpSender> sender : senders.entrySet()) {
            if (sender.getValue().config.ssrc() == ssrc) {
                return sender.getKey();
            }
        }
        return 0;
    }

    private void add(RtpEvent event) {
        if (events.size() < MAX_EVENTS) {
            events.add(event);
        }
    }

    /// Tells that the time asked for by [#nextTimeoutNanos] has come; calling it early or twice does no harm.
    public void handleTimeout(long nowNanos) {
        rate.handleTimeout(nowNanos);
        senders.values().forEach(sender -> sender.handleTimeout(nowNanos));
        tracks.receivers().forEach(receiver -> receiver.handleTimeout(nowNanos));
    }

    /// When [#handleTimeout] wants to be called next, or `TimerTable.NEVER`.
    public long nextTimeoutNanos() {
        long next = Math.min(rtcp.nextTimeoutNanos(), arrivals.nextTimeoutNanos());
        next = Math.min(next, rate.nextTimeoutNanos());
        if (rate.isProbing()) {
            next = Math.min(next, rate.nextNanos());
        }
        for (RtpSender sender : senders.values()) {
            next = Math.min(next, sender.nextTimeoutNanos());
            if (sender.hasWaiting()) {
                next = Math.min(next, rate.nextNanos());
            }
        }
        for (RtpReceiver receiver : tracks.receivers()) {
            next = Math.min(next, receiver.nextTimeoutNanos());
        }
        return next;
    }

    /// Writes the next plain packet into `into`, which has room for [#MAX_PACKET_BYTES] and whose position stays, or
    /// answers null when there is nothing to send now.
    public @Nullable RtpTransmit pollTransmit(long nowNanos, ByteBuffer into) {
        int rtcpBytes = rtcp.poll(nowNanos, senders.values(), tracks.receivers(), arrivals, into.slice());
        if (rtcpBytes > 0) {
            return new RtpTransmit(true, rtcpBytes);
        }
        for (RtpSender sender : senders.values()) {
            if (sender.hasWaiting() && rate.maySend(nowNanos)) {
                int bytes = sender.poll(nowNanos, into.slice());
                if (bytes > 0) {
                    return sent(nowNanos, sender, bytes, into);
                }
            }
        }
        return rate.isProbing() ? pollPadding(nowNanos, into) : null;
    }

    /// A probe goes on, and no media waits.
    private @Nullable RtpTransmit pollPadding(long nowNanos, ByteBuffer into) {
        if (!rate.maySend(nowNanos)) {
            return null;
        }
        for (RtpSender sender : senders.values()) {
            int bytes = sender.pollPadding(into.slice());
            if (bytes > 0) {
                return sent(nowNanos, sender, bytes, into);
            }
        }
        rate.endProbe(nowNanos);
        return null;
    }

    private RtpTransmit sent(long nowNanos, RtpSender sender, int bytes, ByteBuffer into) {
        int offset = sender.polledOffset();
        if (offset > 0) {
            rate.stamp(into, into.position() + offset);
        }
        rate.sent(nowNanos, bytes, offset > 0);
        return new RtpTransmit(false, bytes);
    }

    /// Takes the next event from the queue, or null.
    public @Nullable RtpEvent pollEvent() {
        return events.poll();
    }

    /// The rate that all frames together should have from now on, in bits per second, when it has changed by enough to
    /// be told; 0 when it has not, or when nothing is known of the path.
    public long pollTargetBps(long nowNanos) {
        return rate.pollTarget(nowNanos);
    }

    /// What has happened so far.
    public RtpStats stats() {
        return new RtpStats(
                senders.values().stream().map(RtpSender::stats).toList(),
                tracks.receivers().stream().map(RtpReceiver::stats).toList(),
                rtt.isKnown() ? rtt.nanos() : 0,
                malformedRtp,
                unroutedRtp,
                malformedRtcp,
                transportFeedbacks,
                rembs,
                unknownRtcp,
                tracks.layerSwitches(),
                rate.isKnown() ? rate.targetBps() : 0);
    }

    /// Whether nothing is left to send after [#close].
    public boolean isDrained() {
        return closed && !rtcp.hasGoodbyes();
    }
}
