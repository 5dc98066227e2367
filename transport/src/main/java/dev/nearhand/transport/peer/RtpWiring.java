package dev.nearhand.transport.peer;

import dev.nearhand.transport.dtls.SrtpKeys;
import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.rtp.RtpEvent;
import dev.nearhand.transport.rtp.RtpReceiverConfig;
import dev.nearhand.transport.rtp.RtpSenderConfig;
import dev.nearhand.transport.rtp.RtpSession;
import dev.nearhand.transport.rtp.RtpStats;
import dev.nearhand.transport.rtp.RtpTransmit;
import dev.nearhand.transport.srtp.SrtpContext;
import dev.nearhand.transport.srtp.SrtpProfile;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Media inside a [PeerCore]: the RTP session, and SRTP (RFC 3711, RFC 5764) around it once the keys are agreed.
///
/// A remote track is named by the index of its section, a local one by its own handle.
final class RtpWiring {
    private final RtpSession session;
    private final Map<Integer, Integer> senderOfTrack = new HashMap<>();
    private final Map<Integer, Integer> trackOfSender = new HashMap<>();
    private final Map<Integer, Integer> receiverOfSection = new HashMap<>();
    private final Map<Integer, Integer> sectionOfReceiver = new HashMap<>();
    private final Deque<PeerEvent> events = new ArrayDeque<>();
    private @Nullable SrtpContext outbound;
    private @Nullable SrtpContext inbound;
    private long notAuthentic;
    private long framesNotSent;
    private long byes;

    RtpWiring(String cname, InstantSource wallClock, RandomGenerator random) {
        this.session = new RtpSession(cname, wallClock, random);
    }

    boolean hasKeys() {
        return inbound != null;
    }

    RtpSession session() {
        return session;
    }

    void setKeys(SrtpKeys keys, boolean dtlsClient) {
        SrtpProfile profile = SrtpProfile.of(keys.profile());
        SrtpContext client = new SrtpContext(profile, keys.clientKey(), keys.clientSalt());
        SrtpContext server = new SrtpContext(profile, keys.serverKey(), keys.serverSalt());
        outbound = dtlsClient ? client : server;
        inbound = dtlsClient ? server : client;
        senderOfTrack.keySet().forEach(track -> events.add(new PeerEvent.SendingChanged(track, true)));
    }

    /// Makes senders and receivers follow what was agreed.
    void apply(List<Section> sections) {
        session.reducedSize(sections.stream()
                .filter(section -> section.isMedia() && !section.rejected)
                .allMatch(section -> section.reducedSize));
        for (int index = 0; index < sections.size(); index++) {
            Section section = sections.get(index);
            if (section.isMedia()) {
                applySender(section);
                applyReceiver(index, section);
            }
        }
    }

    private void applySender(Section section) {
        LocalTrack track = section.track;
        MediaFormat format = section.sent;
        if (track == null) {
            return;
        }
        Integer sender = senderOfTrack.get(track.handle());
        if (section.sendsNow() && sender == null && format != null) {
            int handle = session.addSender(new RtpSenderConfig(
                    track.ssrc(),
                    section.mid,
                    section.midExtensionId,
                    format.payloadType(),
                    format.codec(),
                    format.singleNalUnits(),
                    format.clockRate(),
                    format.nack(),
                    format.pli(),
                    format.fir(),
                    format.hasRtx()
                            ? new RtpSenderConfig.Repair.Rtx(track.rtxSsrc(), format.rtxPayloadType())
                            : new RtpSenderConfig.Repair.SameBytes()));
            senderOfTrack.put(track.handle(), handle);
            trackOfSender.put(handle, track.handle());
            if (hasKeys()) {
                events.add(new PeerEvent.SendingChanged(track.handle(), true));
            }
        } else if (!section.sendsNow() && sender != null) {
            session.removeSender(sender);
            senderOfTrack.remove(track.handle());
            trackOfSender.remove(sender);
            events.add(new PeerEvent.SendingChanged(track.handle(), false));
        }
    }

    private void applyReceiver(int index, Section section) {
        Integer receiver = receiverOfSection.get(index);
        RemoteSection remote = section.remote;
        if (section.receivesNow() && receiver == null && remote != null) {
            int handle = session.addReceiver(received(section, remote));
            receiverOfSection.put(index, handle);
            sectionOfReceiver.put(handle, index);
            events.add(new PeerEvent.TrackAdded(index, remote.trackName(), section.kind == Section.Kind.AUDIO));
        } else if (!section.receivesNow() && receiver != null) {
            session.removeReceiver(receiver);
            receiverOfSection.remove(index);
            sectionOfReceiver.remove(receiver);
            events.add(new PeerEvent.TrackEnded(index));
        }
    }

    /// Packets come by the numbers of our description (RFC 3264 section 6.1); by those of the other side's too, when a
    /// program takes no notice of ours.
    private static RtpReceiverConfig received(Section section, RemoteSection remote) {
        Map<Integer, Codec> types = new HashMap<>();
        Map<Integer, Integer> repairs = new HashMap<>();
        for (List<MediaFormat> formats : List.of(section.ours, remote.mediaFormats())) {
            for (MediaFormat format : formats) {
                types.putIfAbsent(format.payloadType(), format.codec());
                if (format.hasRtx()) {
                    repairs.putIfAbsent(format.rtxPayloadType(), format.payloadType());
                }
            }
        }
        repairs.keySet().removeAll(types.keySet());
        return new RtpReceiverConfig(
                section.mid,
                section.midExtensionId,
                types,
                repairs,
                remote.redPayloadTypes(),
                remote.ssrcs(),
                section.kind == Section.Kind.AUDIO ? MediaFormat.AUDIO_CLOCK_RATE : MediaFormat.VIDEO_CLOCK_RATE,
                remote.mediaFormats().stream().anyMatch(MediaFormat::nack),
                remote.mediaFormats().stream().anyMatch(MediaFormat::pli));
    }

    /// @return whether the track may send now; a frame of one that may not is counted and gone
    boolean sendFrame(long nowNanos, int track, ByteBuffer frame, long rtpTimestamp, boolean pathStands) {
        Integer sender = senderOfTrack.get(track);
        if (sender == null || outbound == null || !pathStands) {
            framesNotSent++;
            return false;
        }
        session.sendFrame(nowNanos, sender, frame, rtpTimestamp);
        return true;
    }

    void requestKeyframe(long nowNanos, int remoteTrack) {
        Integer receiver = receiverOfSection.get(remoteTrack);
        if (receiver != null) {
            session.requestKeyframe(nowNanos, receiver);
        }
    }

    void handleDatagram(long nowNanos, ByteBuffer packet, boolean rtcp) {
        SrtpContext context = inbound;
        if (context == null) {
            return;
        }
        if ((rtcp ? context.unprotectRtcp(packet) : context.unprotectRtp(packet)) != null) {
            notAuthentic++;
        } else if (rtcp) {
            session.handleRtcp(nowNanos, packet);
        } else {
            session.handleRtp(nowNanos, packet);
        }
    }

    /// Writes the next protected packet into `into` from its position on; 0 when there is none.
    int pollTransmit(long nowNanos, ByteBuffer into) {
        SrtpContext context = outbound;
        if (context == null) {
            return 0;
        }
        int start = into.position();
        for (RtpTransmit next = session.pollTransmit(nowNanos, into);
                next != null;
                next = session.pollTransmit(nowNanos, into)) {
            ByteBuffer packet = into.duplicate();
            packet.position(start).limit(start + next.lengthBytes());
            boolean done = next.rtcp() ? context.protectRtcp(packet) : context.protectRtp(packet);
            if (done) {
                into.position(packet.limit());
                return packet.limit() - start;
            }
            into.position(start);
        }
        return 0;
    }

    /// Moves what there is to tell to `queue`.
    void pumpTo(Queue<PeerEvent> queue) {
        pumpSession();
        for (PeerEvent event = events.poll(); event != null; event = events.poll()) {
            queue.add(event);
        }
    }

    private void pumpSession() {
        for (RtpEvent event = session.pollEvent(); event != null; event = session.pollEvent()) {
            switch (event) {
                case RtpEvent.FrameReceived frame -> {
                    Integer section = sectionOfReceiver.get(frame.receiver());
                    if (section != null) {
                        events.add(new PeerEvent.Frame(
                                section, frame.codec(), frame.frame(), frame.rtpTimestamp(), frame.keyframe()));
                    }
                }
                case RtpEvent.KeyframeRequested request -> {
                    Integer track = trackOfSender.get(request.sender());
                    if (track != null) {
                        events.add(new PeerEvent.KeyframeRequested(track));
                    }
                }
                // a source that says goodbye may be followed by another one in the same section
                case RtpEvent.Bye _ -> byes++;
            }
        }
    }

    /// The connection is over, and with it what it carried.
    void endTracks() {
        senderOfTrack.keySet().forEach(track -> events.add(new PeerEvent.SendingChanged(track, false)));
        receiverOfSection.keySet().forEach(section -> events.add(new PeerEvent.TrackEnded(section)));
        senderOfTrack.clear();
        receiverOfSection.clear();
        trackOfSender.clear();
        sectionOfReceiver.clear();
    }

    void count(PeerStats.Counters counters) {
        counters.put("srtp.notAuthentic", notAuthentic);
        counters.put("rtp.framesNotSent", framesNotSent);
        counters.put("rtp.byes", byes);
        RtpStats stats = session.stats();
        for (RtpStats.Sender sender : stats.senders()) {
            counters.add("rtp.framesSent", sender.framesSent());
            counters.add("rtp.framesDropped", sender.framesDropped());
            counters.add("rtp.packetsSent", sender.packetsSent());
            counters.add("rtp.packetsRepeated", sender.packetsRepeated());
            counters.add("rtp.keyframeRequests", sender.keyframeRequests());
        }
        for (RtpStats.Receiver receiver : stats.receivers()) {
            counters.add("rtp.framesReceived", receiver.framesReceived());
            counters.add("rtp.keyframesReceived", receiver.keyframesReceived());
            counters.add("rtp.framesSkipped", receiver.framesSkipped());
            counters.add("rtp.packetsReceived", receiver.packetsReceived());
            counters.add("rtp.packetsLost", receiver.packetsLost());
            counters.add("rtp.packetsRepaired", receiver.packetsRepaired());
            counters.add("rtp.retransmissionsReceived", receiver.retransmissionsReceived());
            counters.add("rtp.nacksSent", receiver.nacksSent());
            counters.add("rtp.plisSent", receiver.plisSent());
        }
        counters.add("rtcp.transportFeedbacks", stats.transportFeedbacks());
        counters.add("rtcp.rembs", stats.rembs());
        counters.add("dropped.rtp", stats.malformedRtp() + stats.unroutedRtp());
        counters.add("dropped.rtcp", stats.malformedRtcp() + stats.unknownRtcp());
    }
}
