package dev.nearhand.transport.peer;

import dev.nearhand.transport.dtls.SrtpKeys;
import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.rtp.RtpEvent;
import dev.nearhand.transport.rtp.RtpLayers;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Media inside a [PeerCore]: the RTP session, and SRTP (RFC 3711, RFC 5764) around it once the keys are agreed.
///
/// A remote track is named by its receiver, which is never named again; a local one by its own handle.
final class RtpWiring {
    static final int NO_SECTION = 0;

    /// A sender that was begun. It stays, silent, where the other side wants nothing for now: begun anew, it could not
    /// go on counting, and SRTP must not protect two packets of one source by the same number (RFC 3711 9.1).
    private record Outgoing(int handle, RtpSenderConfig config, boolean sending) {}

    private record Incoming(int handle, RtpReceiverConfig config) {}

    private final RtpSession session;
    private final RemoteTracks remoteTracks;
    private final Map<Integer, Outgoing> outgoing = new HashMap<>(); // by track
    private final Map<Integer, Incoming> incoming = new HashMap<>(); // by section
    private final Deque<PeerEvent> events = new ArrayDeque<>();
    private @Nullable SrtpContext outbound;
    private @Nullable SrtpContext inbound;
    private long notAuthentic;
    private long framesNotSent;
    private long byes;

    RtpWiring(String cname, InstantSource wallClock, RandomGenerator random) {
        this.session = new RtpSession(cname, wallClock, random);
        this.remoteTracks = new RemoteTracks(session);
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
        outgoing.forEach((track, sender) -> {
            if (sender.sending()) {
                events.add(new PeerEvent.SendingChanged(
                        track, true, sender.config().codec()));
            }
        });
    }

    /// Makes senders and receivers follow what was agreed.
    void apply(List<Section> sections) {
        session.reducedSize(sections.stream()
                .filter(section -> section.isMedia() && !section.rejected)
                .allMatch(section -> section.reducedSize));
        List<Section> media = sections.stream().filter(Section::isMedia).toList();
        removeSenders(media);
        removeReceivers(media);
        session.tellArrivals(media.stream()
                .filter(section -> !section.rejected)
                .mapToInt(section -> section.transportExtensionId)
                .max()
                .orElse(0));
        for (Section section : media) {
            applySender(section);
            applyReceiver(section);
        }
    }

    /// What has ended goes first, so that there is room for what begins.
    private void removeSenders(List<Section> sections) {
        for (Integer track : List.copyOf(outgoing.keySet())) {
            Optional<Section> section = sections.stream()
                    .filter(one -> one.track != null && one.track.handle() == track)
                    .findFirst();
            if (section.isEmpty() || section.get().rejected) {
                Outgoing gone = outgoing.remove(track);
                session.removeSender(gone.handle());
                tellStopped(track, gone);
            }
        }
    }

    private void removeReceivers(List<Section> sections) {
        for (Integer id : List.copyOf(incoming.keySet())) {
            boolean stands = sections.stream().anyMatch(section -> section.id == id && section.receivesNow());
            if (!stands) {
                int handle = incoming.remove(id).handle();
                session.removeReceiver(handle);
                events.add(new PeerEvent.TrackEnded(handle));
            }
        }
    }

    private void tellStopped(int track, Outgoing sender) {
        if (sender.sending() && hasKeys()) {
            events.add(
                    new PeerEvent.SendingChanged(track, false, sender.config().codec()));
        }
    }

    private void applySender(Section section) {
        LocalTrack track = section.track;
        MediaFormat format = section.sent;
        if (track == null) {
            return;
        }
        Outgoing before = outgoing.get(track.handle());
        if (!section.sendsNow() || format == null) {
            if (before != null && before.sending()) {
                outgoing.put(track.handle(), new Outgoing(before.handle(), before.config(), false));
                tellStopped(track.handle(), before);
            }
            return;
        }
        RtpSenderConfig config = sent(section, track, format);
        int handle;
        if (before == null) {
            handle = session.addSender(config);
        } else {
            handle = before.handle();
            if (!config.equals(before.config())) {
                session.changeSender(handle, config);
            }
        }
        session.numberTransportWide(handle, section.transportExtensionId);
        outgoing.put(track.handle(), new Outgoing(handle, config, true));
        boolean asBefore = before != null && before.sending() && before.config().codec() == config.codec();
        if (!asBefore && hasKeys()) {
            events.add(new PeerEvent.SendingChanged(track.handle(), true, config.codec()));
        }
    }

    private static RtpSenderConfig sent(Section section, LocalTrack track, MediaFormat format) {
        return new RtpSenderConfig(
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
                        : new RtpSenderConfig.Repair.SameBytes());
    }

    private void applyReceiver(Section section) {
        RemoteSection remote = section.remote;
        if (!section.receivesNow() || remote == null) {
            return;
        }
        RtpReceiverConfig config = received(section, remote);
        Incoming before = incoming.get(section.id);
        if (before != null && !config.layers().equals(before.config().layers())) {
            session.removeReceiver(before.handle());
            events.add(new PeerEvent.TrackEnded(before.handle())); // what comes now is something else
            before = null;
        }
        if (before == null) {
            int handle = session.addReceiver(config);
            incoming.put(section.id, new Incoming(handle, config));
            events.add(new PeerEvent.TrackAdded(
                    handle,
                    remote.trackName(),
                    section.kind == Section.Kind.AUDIO,
                    config.layers().rids()));
        } else if (!config.equals(before.config())) {
            session.changeReceiver(before.handle(), config);
            incoming.put(section.id, new Incoming(before.handle(), config));
        }
    }

    /// The section that a remote track comes in, or [#NO_SECTION] when it has ended.
    int sectionOf(int remoteTrack) {
        for (Map.Entry<Integer, Incoming> entry : incoming.entrySet()) {
            if (entry.getValue().handle() == remoteTrack) {
                return entry.getKey();
            }
        }
        return NO_SECTION;
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
        Set<Integer> reds = new HashSet<>(remote.redPayloadTypes());
        for (ParityFormat parity : List.of(section.parity, remote.parity())) {
            if (!parity.isNone()) {
                reds.add(parity.red());
            }
            if (parity.hasRtx()) {
                repairs.putIfAbsent(parity.rtx(), parity.red());
            }
        }
        repairs.keySet().removeAll(types.keySet());
        return new RtpReceiverConfig(
                section.mid,
                section.midExtensionId,
                types,
                repairs,
                reds,
                section.parity.ulpfecTypes(),
                remote.ssrcs(),
                section.kind == Section.Kind.AUDIO ? MediaFormat.AUDIO_CLOCK_RATE : MediaFormat.VIDEO_CLOCK_RATE,
                remote.mediaFormats().stream().anyMatch(MediaFormat::nack),
                remote.mediaFormats().stream().anyMatch(MediaFormat::pli),
                section.midExtensionId == 0 ? RtpLayers.NONE : section.layers);
    }

    /// @return whether the track may send now; a frame of one that may not is counted and gone
    boolean sendFrame(long nowNanos, int track, ByteBuffer frame, long rtpTimestamp, boolean pathStands) {
        Outgoing sender = outgoing.get(track);
        if (sender == null || !sender.sending() || outbound == null || !pathStands) {
            framesNotSent++;
            return false;
        }
        session.sendFrame(nowNanos, sender.handle(), frame, rtpTimestamp);
        return true;
    }

    RemoteTracks remoteTracks() {
        return remoteTracks;
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
    void pumpTo(long nowNanos, Queue<PeerEvent> queue) {
        pumpSession();
        pumpTarget(nowNanos);
        for (PeerEvent event = events.poll(); event != null; event = events.poll()) {
            queue.add(event);
        }
    }

    /// Tracks of video share alike.
    private void pumpTarget(long nowNanos) {
        long target = session.pollTargetBps(nowNanos);
        if (target == 0) {
            return;
        }
        List<Integer> video = outgoing.entrySet().stream()
                .filter(entry -> entry.getValue().sending()
                        && !entry.getValue().config().codec().isAudio())
                .map(Map.Entry::getKey)
                .toList();
        video.forEach(track -> events.add(new PeerEvent.TargetBitrate(track, target / video.size())));
    }

    private void pumpSession() {
        for (RtpEvent event = session.pollEvent(); event != null; event = session.pollEvent()) {
            switch (event) {
                case RtpEvent.FrameReceived frame ->
                    events.add(new PeerEvent.Frame(
                            frame.receiver(), frame.codec(), frame.frame(), frame.rtpTimestamp(), frame.keyframe()));
                case RtpEvent.KeyframeRequested request ->
                    outgoing.forEach((track, sender) -> {
                        if (sender.handle() == request.sender()) {
                            events.add(new PeerEvent.KeyframeRequested(track));
                        }
                    });
                // a source that says goodbye may be followed by another one in the same section
                case RtpEvent.Bye _ -> byes++;
            }
        }
    }

    /// The connection is over, and with it what it carried.
    void endTracks() {
        outgoing.forEach(this::tellStopped);
        incoming.values().forEach(receiver -> events.add(new PeerEvent.TrackEnded(receiver.handle())));
        outgoing.clear();
        incoming.clear();
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
            counters.add("rtp.paddingSent", sender.paddingPackets());
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
            counters.add("fec.received", receiver.fecReceived());
            counters.add("fec.recovered", receiver.fecRecovered());
            counters.add("fec.dropped", receiver.fecDropped());
            counters.add("rtp.nacksSent", receiver.nacksSent());
            counters.add("rtp.plisSent", receiver.plisSent());
        }
        counters.add("rtp.targetBps", stats.targetBps());
        counters.add("rtp.layerSwitches", stats.layerSwitches());
        counters.add("rtcp.transportFeedbacks", stats.transportFeedbacks());
        counters.add("rtcp.rembs", stats.rembs());
        counters.add("dropped.rtp", stats.malformedRtp() + stats.unroutedRtp());
        counters.add("dropped.rtcp", stats.malformedRtcp() + stats.unknownRtcp());
    }
}
