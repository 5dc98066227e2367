package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.ChunkType;
import dev.nearhand.transport.sctp.packet.ShutdownAckChunk;
import dev.nearhand.transport.sctp.packet.ShutdownChunk;
import dev.nearhand.transport.time.TimerTable;
import org.jspecify.annotations.Nullable;

/// The end of an association in agreement, after everything queued was delivered
/// ([RFC 9260 section 9.2](https://www.rfc-editor.org/rfc/rfc9260#section-9.2)). What comes of the last answer, and
/// the end without agreement, is [AssociationStateMachine]'s.
final class Shutdown {
    private final AssociationState state;
    private final ControlQueue control;
    private final TimerTable<SctpTimer> timers;
    private final RetransmissionTimeout timeout;
    private final DataSender sender;
    private final PathMtu mtu;
    private final Counters counters;

    private boolean wanted;

    Shutdown(
            AssociationState state,
            ControlQueue control,
            TimerTable<SctpTimer> timers,
            RetransmissionTimeout timeout,
            DataSender sender,
            PathMtu mtu,
            Counters counters) {
        this.state = state;
        this.control = control;
        this.timers = timers;
        this.timeout = timeout;
        this.sender = sender;
        this.mtu = mtu;
        this.counters = counters;
    }

    /// Somebody wants the end: no new messages are taken.
    void want() {
        wanted = true;
    }

    boolean isWanted() {
        return wanted;
    }

    void onShutdown(long nowNanos, ShutdownChunk chunk, @Nullable Receiver receiver) {
        switch (state.current()) {
            case ESTABLISHED, SHUTDOWN_PENDING -> {
                sender.recovery().onShutdown(nowNanos, chunk.cumulativeTsn());
                wanted = true;
                state.set(SctpState.SHUTDOWN_RECEIVED, "shut down by the peer");
            }
            case SHUTDOWN_RECEIVED -> sender.recovery().onShutdown(nowNanos, chunk.cumulativeTsn());
            case SHUTDOWN_SENT -> {
                // both began at the same time
                state.set(SctpState.SHUTDOWN_ACK_SENT, "shut down by both");
                control.removeType(ChunkType.SHUTDOWN);
                timers.clear(SctpTimer.DELAYED_SACK);
                send(nowNanos, receiver);
            }
            case SHUTDOWN_ACK_SENT -> send(nowNanos, receiver);
            case CLOSED, COOKIE_WAIT, COOKIE_ECHOED -> counters.drop(DropReason.UNEXPECTED_CHUNK);
        }
    }

    /// T2-shutdown has run out.
    void onTimeout(long nowNanos, @Nullable Receiver receiver) {
        timeout.backOff();
        send(nowNanos, receiver);
    }

    /// DATA has come although SHUTDOWN was sent: "MUST immediately respond to each received packet containing one or
    /// more DATA chunks with a SHUTDOWN".
    void onData(Receiver receiver) {
        if (state.is(SctpState.SHUTDOWN_SENT)) {
            receiver.requestSack();
            control.removeType(ChunkType.SHUTDOWN);
            control.add(new ShutdownChunk(receiver.cumulativeTsn()));
        }
    }

    /// Goes on as soon as everything was delivered.
    void progress(long nowNanos, @Nullable Receiver receiver) {
        if (state.isEnded() || !sender.isIdle()) {
            return;
        }
        if (state.is(SctpState.SHUTDOWN_PENDING)) {
            state.set(SctpState.SHUTDOWN_SENT, "everything was delivered");
            send(nowNanos, receiver);
            timers.set(SctpTimer.T5_SHUTDOWN_GUARD, nowNanos + 5 * RetransmissionTimeout.MAX_NANOS);
        } else if (state.is(SctpState.SHUTDOWN_RECEIVED)) {
            state.set(SctpState.SHUTDOWN_ACK_SENT, "everything was delivered");
            send(nowNanos, receiver);
        }
    }

    private void send(long nowNanos, @Nullable Receiver receiver) {
        stopDataTimers();
        control.removeType(ChunkType.SHUTDOWN);
        control.removeType(ChunkType.SHUTDOWN_ACK);
        if (state.is(SctpState.SHUTDOWN_SENT) && receiver != null) {
            control.add(new ShutdownChunk(receiver.cumulativeTsn()));
        } else {
            control.add(new ShutdownAckChunk());
        }
        timers.set(SctpTimer.T2_SHUTDOWN, nowNanos + timeout.nanos());
    }

    private void stopDataTimers() {
        sender.recovery().stopTimers();
        timers.clear(SctpTimer.HEARTBEAT);
        timers.clear(SctpTimer.RECONFIG);
        mtu.stop();
        if (state.is(SctpState.SHUTDOWN_ACK_SENT)) {
            timers.clear(SctpTimer.DELAYED_SACK);
        }
    }
}
