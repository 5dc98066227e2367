package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.AbortChunk;
import dev.nearhand.transport.sctp.packet.Chunk;
import dev.nearhand.transport.sctp.packet.ChunkReader;
import dev.nearhand.transport.sctp.packet.CookieEchoChunk;
import dev.nearhand.transport.sctp.packet.ErrorCause;
import dev.nearhand.transport.sctp.packet.InitChunk;
import dev.nearhand.transport.sctp.packet.PacketHeader;
import dev.nearhand.transport.sctp.packet.PadChunk;
import dev.nearhand.transport.sctp.packet.SackChunk;
import dev.nearhand.transport.sctp.packet.ShutdownAckChunk;
import dev.nearhand.transport.sctp.packet.ShutdownCompleteChunk;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One SCTP association as WebRTC uses it: one path, DTLS below, data channels above
/// ([RFC 9260](https://www.rfc-editor.org/rfc/rfc9260)).
///
/// Checks and takes packets, makes packets, and runs the timers; what chunks mean is in [AssociationStateMachine]. A
/// core: single-threaded, without I/O. Does no path management, since ICE below has chosen the path and watches it.
public final class SctpAssociation implements ProtocolCore<SctpEvent> {
    private final SctpConfig config;
    private final Path path;
    private final AssociationStateMachine machine;
    private final Counters counters;

    private int remotePort;
    private long remoteMaxMessageBytes = Long.MAX_VALUE;

    /// @param random for jitter
    /// @param secrets for tags, initial TSNs and the key of the cookie: in production a secure one
    public SctpAssociation(SctpConfig config, Path path, RandomGenerator random, RandomGenerator secrets) {
        this.config = config;
        this.path = path;
        this.remotePort = config.remotePort();
        this.counters = new Counters();
        this.machine = new AssociationStateMachine(config, random, secrets, counters);
    }

    /// What the peer's description says: its `a=sctp-port` and `a=max-message-size` (0 there means no limit: pass
    /// `Long.MAX_VALUE`). Before [#connect].
    public void setRemote(int remotePort, long remoteMaxMessageBytes) {
        this.remotePort = remotePort;
        this.remoteMaxMessageBytes = remoteMaxMessageBytes;
    }

    /// Begins to set the association up. A peer that begins first, or at the same time, is answered in any case.
    public void connect(long nowNanos) {
        machine.connect(nowNanos);
    }

    /// The INIT chunk of this side, always the same, for a peer that is told it by other means than a packet.
    public ByteBuffer localInit() {
        return machine.localInit().toBytes();
    }

    /// Whether bytes are an INIT chunk that [#connect(long, ByteBuffer)] takes.
    public static boolean isInit(ByteBuffer chunk) {
        InitChunk init = InitChunk.parseAlone(chunk);
        return init != null && Handshake.isUsable(init.body());
    }

    /// The association stands at once, because each side knows the INIT of the other: no handshake is sent
    /// ([draft-hancke-tsvwg-snap](https://datatracker.ietf.org/doc/draft-hancke-tsvwg-snap/)).
    ///
    /// @throws IllegalArgumentException when `remoteInit` is not what [#isInit] accepts
    public void connect(long nowNanos, ByteBuffer remoteInit) {
        InitChunk init = InitChunk.parseAlone(remoteInit);
        if (init == null || !Handshake.isUsable(init.body())) {
            throw new IllegalArgumentException("not an INIT chunk");
        }
        machine.connect(nowNanos, init);
    }

    /// The path below carries again after a silence, or another one has taken over: what has timed out since goes out
    /// at once, instead of after timeouts that doubled all the while.
    public void pathRestored(long nowNanos) {
        machine.pathRestored(nowNanos);
    }

    /// Packets take another path from now on, which may carry less.
    public void onPathChanged(long nowNanos) {
        machine.onPathChanged(nowNanos);
    }

    /// Ends it in agreement with the peer, after everything queued has been delivered.
    public void shutdown(long nowNanos) {
        machine.shutdown(nowNanos);
    }

    /// Ends it at once and tells the peer.
    public void abort(long nowNanos, String reason) {
        machine.abort(ErrorCause.withText(ErrorCause.USER_INITIATED_ABORT, reason), "aborted here: " + reason);
    }

    /// Queues a message; it is copied. May be called before the association stands.
    public SendResult send(
            long nowNanos, int streamId, boolean unordered, Reliability reliability, int ppid, ByteBuffer message) {
        int length = message.remaining();
        if (length == 0) {
            return SendResult.EMPTY_MESSAGE;
        }
        if (length > Math.min(remoteMaxMessageBytes, config.maxSendMessageBytes())) {
            return SendResult.MESSAGE_TOO_LARGE;
        }
        if (!machine.acceptsMessages()) {
            return SendResult.NOT_OPEN;
        }
        if (streamId < 0 || streamId >= machine.outboundStreams()) {
            return SendResult.NO_SUCH_STREAM;
        }
        return machine.offer(nowNanos, streamId, unordered, reliability, ppid, message);
    }

    /// Bytes of messages on this stream that have not been sent once.
    public long bufferedBytes(int streamId) {
        return machine.queue().bufferedBytes(streamId);
    }

    /// Bytes of all messages that have not been sent once.
    public long bufferedBytes() {
        return machine.queue().bufferedBytes();
    }

    /// When the buffered bytes of a stream fall to this, `BufferedAmountLow` is reported; 0 unless told.
    public void setBufferedAmountLowThreshold(int streamId, long bytes) {
        machine.queue().setLowThreshold(streamId, bytes);
    }

    /// Weight of a stream against others, RFC 8831's 128 (below normal), 256, 512, 1024; 256 unless told.
    public void setPriority(int streamId, int weight) {
        machine.queue().setWeight(streamId, weight);
    }

    /// Small messages of a stream are sent again before they are known to be lost ([Redundancy]); not unless told.
    public void setRedundant(int streamId, boolean redundant) {
        machine.queue().setRedundant(streamId, redundant);
    }

    /// Resets outgoing streams once what is queued on them has been sent (RFC 6525); they take no more messages until
    /// `OutgoingStreamsReset` or `StreamsResetFailed`.
    public void resetStreams(long nowNanos, Collection<Integer> streamIds) {
        machine.resetStreams(streamIds);
    }

    public SctpState state() {
        return machine.state();
    }

    /// Whether it is over for good: [SctpEvent.Closed] was reported.
    public boolean isEnded() {
        return machine.isEnded();
    }

    public SctpStats stats() {
        return machine.stats();
    }

    @Override
    public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path from) {
        counters.packetsReceived++;
        ByteBuffer packet = borrowed.slice();
        boolean valid = config.zeroChecksum() ? PacketHeader.isValidOrUnchecked(packet) : PacketHeader.isValid(packet);
        if (!valid) {
            counters.drop(DropReason.BAD_PACKET);
            return;
        }
        if (PacketHeader.destinationPort(packet) != config.localPort()
                || PacketHeader.sourcePort(packet) != remotePort) {
            counters.drop(DropReason.WRONG_PORT);
            return;
        }
        ChunkReader chunks = new ChunkReader(packet);
        Chunk first = chunks.next();
        if (first != null) {
            if (isTagRight(PacketHeader.verificationTag(packet), first)) {
                machine.handlePacket(nowNanos, PacketHeader.verificationTag(packet), first, chunks);
            } else {
                counters.drop(DropReason.WRONG_TAG);
            }
        }
        counters.drop(DropReason.MALFORMED_CHUNK, chunks.malformed());
    }

    /// [RFC 9260 section 8.5](https://www.rfc-editor.org/rfc/rfc9260#section-8.5): the tag, and the exceptions of
    /// 8.5.1.
    private boolean isTagRight(int tag, Chunk first) {
        return switch (first) {
            case InitChunk _ -> tag == 0;
            case CookieEchoChunk _ -> true; // the cookie itself is checked, and holds the tag
            case AbortChunk abort when abort.reflectedTag() -> machine.isPeerTag(tag);
            case ShutdownCompleteChunk complete when complete.reflectedTag() -> machine.isPeerTag(tag);
            case ShutdownAckChunk _ when machine.isEnded() -> true; // "out of the blue", answered with its own tag
            default -> tag == machine.localTag();
        };
    }

    @Override
    public void handleTimeout(long nowNanos) {
        machine.handleTimeout(nowNanos);
    }

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        ControlQueue control = machine.control();
        ControlQueue.Lone lone = control.pollLone();
        if (lone != null) {
            PacketBuilder packet = builder(into, config.maxPacketBytes(), lone.tag());
            packet.add(lone.chunk());
            return finish(packet, false);
        }
        if (!machine.hasPeer()) {
            return null;
        }
        Transmit probe = pollProbe(nowNanos, into);
        if (probe != null) {
            return probe;
        }
        PacketBuilder packet = builder(into, machine.packetBytes(), machine.peerTag());
        machine.prepareToSend(nowNanos);
        for (Chunk chunk = control.peek(); chunk != null && packet.fits(chunk); chunk = control.peek()) {
            packet.add(chunk);
            control.remove();
        }
        if (machine.carriesData()) {
            addSack(nowNanos, packet);
            machine.sender().write(nowNanos, packet);
        } else if (packet.holdsCookieEcho()) {
            machine.sender().writeBehindCookieEcho(nowNanos, packet);
        }
        return packet.isEmpty() ? null : finish(packet, machine.omitsChecksum());
    }

    /// A packet of which nothing matters but its size.
    private @Nullable Transmit pollProbe(long nowNanos, ByteBuffer into) {
        PathMtu mtu = machine.mtu();
        int bytes = machine.carriesData() ? mtu.takeProbe(nowNanos) : 0;
        if (bytes == 0 || bytes > into.remaining()) {
            return null;
        }
        PacketBuilder packet = builder(into, bytes, machine.peerTag());
        packet.add(mtu.heartbeat(nowNanos));
        packet.add(new PadChunk(packet.room() - Chunk.HEADER_BYTES));
        return finish(packet, machine.omitsChecksum());
    }

    private void addSack(long nowNanos, PacketBuilder packet) {
        Receiver receiver = machine.receiver();
        if (receiver == null || packet.room() < SackChunk.MIN_BYTES) {
            return;
        }
        // an acknowledgement that could wait goes along with data that leaves anyway
        if (receiver.isSackDue() || receiver.isSackPending() && machine.sender().hasSomethingToWrite(nowNanos)) {
            packet.add(receiver.takeSack(packet.room()));
        }
    }

    private PacketBuilder builder(ByteBuffer into, int maxBytes, int tag) {
        return new PacketBuilder(into, maxBytes, config.localPort(), remotePort, tag);
    }

    private Transmit finish(PacketBuilder packet, boolean zeroChecksum) {
        counters.packetsSent++;
        return new Transmit(path, packet.finish(zeroChecksum));
    }

    @Override
    public @Nullable SctpEvent pollEvent() {
        return machine.pollEvent();
    }

    @Override
    public long nextTimeoutNanos() {
        return machine.nextTimeoutNanos();
    }
}
