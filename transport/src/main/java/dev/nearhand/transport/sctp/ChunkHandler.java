package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.AbortChunk;
import dev.nearhand.transport.sctp.packet.Chunk;
import dev.nearhand.transport.sctp.packet.CookieAckChunk;
import dev.nearhand.transport.sctp.packet.CookieEchoChunk;
import dev.nearhand.transport.sctp.packet.DataChunk;
import dev.nearhand.transport.sctp.packet.ErrorCause;
import dev.nearhand.transport.sctp.packet.ErrorChunk;
import dev.nearhand.transport.sctp.packet.ForwardTsnChunk;
import dev.nearhand.transport.sctp.packet.HeartbeatAckChunk;
import dev.nearhand.transport.sctp.packet.HeartbeatChunk;
import dev.nearhand.transport.sctp.packet.InitAckChunk;
import dev.nearhand.transport.sctp.packet.InitChunk;
import dev.nearhand.transport.sctp.packet.InterleavedDataChunk;
import dev.nearhand.transport.sctp.packet.InterleavedForwardTsnChunk;
import dev.nearhand.transport.sctp.packet.PadChunk;
import dev.nearhand.transport.sctp.packet.ReconfigChunk;
import dev.nearhand.transport.sctp.packet.SackChunk;
import dev.nearhand.transport.sctp.packet.ShutdownAckChunk;
import dev.nearhand.transport.sctp.packet.ShutdownChunk;
import dev.nearhand.transport.sctp.packet.ShutdownCompleteChunk;
import dev.nearhand.transport.sctp.packet.UnknownChunk;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What each chunk of a packet with the right tag does, depending on the state
/// ([RFC 9260 section 3.3](https://www.rfc-editor.org/rfc/rfc9260#section-3.3)). Passes on to who knows about it; what
/// makes or ends the association is [AssociationStateMachine]'s.
final class ChunkHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkHandler.class);

    private final SctpConfig config;
    private final AssociationStateMachine machine;
    private final AssociationState state;
    private final AssociationSetup setup;
    private final DataSender sender;
    private final StreamReset streamReset;
    private final Heartbeat heartbeat;
    private final Shutdown shutdown;
    private final PathMtu mtu;
    private final ControlQueue control;
    private final Counters counters;

    ChunkHandler(
            SctpConfig config,
            AssociationStateMachine machine,
            AssociationState state,
            AssociationSetup setup,
            DataSender sender,
            StreamReset streamReset,
            Heartbeat heartbeat,
            Shutdown shutdown,
            PathMtu mtu,
            ControlQueue control,
            Counters counters) {
        this.config = config;
        this.machine = machine;
        this.state = state;
        this.setup = setup;
        this.sender = sender;
        this.streamReset = streamReset;
        this.heartbeat = heartbeat;
        this.shutdown = shutdown;
        this.mtu = mtu;
        this.control = control;
        this.counters = counters;
    }

    /// Answers whether the rest of the packet is worth reading.
    boolean handle(long nowNanos, int tag, Chunk chunk) {
        switch (chunk) {
            case DataChunk data -> {
                Receiver to = dataReceiver(false, data.tsn(), data.payload());
                if (to != null) {
                    to.onData(data);
                    shutdown.onData(to);
                }
            }
            case InterleavedDataChunk data -> {
                Receiver to = dataReceiver(true, data.tsn(), data.payload());
                if (to != null) {
                    to.onData(data);
                    shutdown.onData(to);
                }
            }
            case SackChunk sack -> {
                if (expect(state.carriesData())) {
                    sender.recovery().onSack(nowNanos, sack);
                }
            }
            case ForwardTsnChunk forward -> {
                Receiver to = dataReceiver(false);
                if (to != null) {
                    to.onForwardTsn(forward);
                }
            }
            case InterleavedForwardTsnChunk forward -> {
                Receiver to = dataReceiver(true);
                if (to != null) {
                    to.onForwardTsn(forward);
                }
            }
            case ReconfigChunk reconfig -> {
                Receiver to = machine.receiver();
                if (expect(state.carriesData()) && to != null) {
                    streamReset.onReconfig(nowNanos, reconfig, to);
                }
            }
            case HeartbeatChunk beat -> {
                if (expect(machine.hasPeer())) {
                    control.add(new HeartbeatAckChunk(copy(beat.info())));
                }
            }
            case HeartbeatAckChunk ack -> {
                if (mtu.takes(ack)) {
                    mtu.onAck(nowNanos, ack);
                } else {
                    heartbeat.onAck(nowNanos, ack);
                }
            }
            case PadChunk _ -> {}
            case InitChunk init -> {
                setup.onInit(nowNanos, init);
                return false; // "MUST be the only chunk in the packet"
            }
            case InitAckChunk ack -> {
                setup.onInitAck(nowNanos, ack);
                return false;
            }
            case CookieEchoChunk echo -> {
                return setup.onCookieEcho(nowNanos, tag, echo);
            }
            case CookieAckChunk _ -> setup.onCookieAck(nowNanos);
            case AbortChunk abort -> machine.end(false, "aborted by the peer: " + describe(abort.causes()));
            case ErrorChunk error -> onError(nowNanos, error);
            case ShutdownChunk end -> shutdown.onShutdown(nowNanos, end, machine.receiver());
            case ShutdownAckChunk _ -> onShutdownAck(tag);
            case ShutdownCompleteChunk _ -> {
                if (expect(state.is(SctpState.SHUTDOWN_ACK_SENT))) {
                    machine.end(true, "shut down");
                }
            }
            case UnknownChunk unknown -> {
                return onUnknown(unknown);
            }
        }
        return true;
    }

    private boolean expect(boolean expected) {
        if (!expected) {
            counters.drop(DropReason.UNEXPECTED_CHUNK);
        }
        return expected;
    }

    /// Who takes DATA and FORWARD TSN, or their interleaved kinds, in this state; null when nobody does.
    private @Nullable Receiver dataReceiver(boolean interleaved) {
        Receiver to = machine.receiver();
        if (!expect(state.takesData()) || to == null) {
            return null;
        }
        if (to.isInterleaving() != interleaved) {
            // RFC 8260 section 2.2.1: one kind or the other, as was agreed on
            String wrong = "the peer mixes DATA and I-DATA";
            machine.abort(ErrorCause.withText(ErrorCause.PROTOCOL_VIOLATION, wrong), wrong);
            return null;
        }
        return to;
    }

    private @Nullable Receiver dataReceiver(boolean interleaved, int tsn, ByteBuffer payload) {
        Receiver to = dataReceiver(interleaved);
        if (to != null && !payload.hasRemaining()) {
            machine.abort(ErrorCause.withNumber(ErrorCause.NO_USER_DATA, tsn), "the peer sent DATA without data");
            return null;
        }
        return to;
    }

    private void onUnknownReport(UnknownChunk unknown) {
        if (unknown.isReported() && machine.hasPeer()) {
            int length = Math.min(unknown.valueBytes(), config.maxPacketBytes() / 2);
            UnknownChunk head = new UnknownChunk(
                    unknown.type(), unknown.flags(), unknown.value().slice(0, length));
            control.add(new ErrorChunk(List.of(new ErrorCause(ErrorCause.UNRECOGNIZED_CHUNK, head.toBytes()))));
        }
    }

    private boolean onUnknown(UnknownChunk unknown) {
        counters.drop(DropReason.UNKNOWN_CHUNK);
        onUnknownReport(unknown);
        return unknown.isSkipped();
    }

    private void onError(long nowNanos, ErrorChunk error) {
        boolean stale = error.causes().stream().anyMatch(cause -> cause.code() == ErrorCause.STALE_COOKIE);
        LOG.debug("SCTP peer reports {}", describe(error.causes()));
        if (stale) {
            setup.onStaleCookie(nowNanos);
        }
    }

    private void onShutdownAck(int tag) {
        switch (state.current()) {
            case SHUTDOWN_SENT, SHUTDOWN_ACK_SENT -> {
                int to = machine.peerTag();
                machine.end(true, "shut down");
                control.addLone(to, new ShutdownCompleteChunk(false));
            }
            // section 8.5.1 (E): "treat it as an Out Of The Blue packet"
            case COOKIE_WAIT, COOKIE_ECHOED -> control.addLone(tag, new ShutdownCompleteChunk(true));
            case CLOSED, ESTABLISHED, SHUTDOWN_PENDING, SHUTDOWN_RECEIVED -> counters.drop(DropReason.UNEXPECTED_CHUNK);
        }
    }

    private static String describe(List<ErrorCause> causes) {
        return causes.isEmpty()
                ? "no cause given"
                : String.join(", ", causes.stream().map(ErrorCause::describe).toList());
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
        return copy.put(bytes.duplicate()).flip();
    }
}
