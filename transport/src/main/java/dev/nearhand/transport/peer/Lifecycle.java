package dev.nearhand.transport.peer;

import dev.nearhand.transport.datachannel.DataChannelEvent;
import dev.nearhand.transport.ice.IceEvent;
import dev.nearhand.transport.time.TimerTable;
import java.nio.ByteBuffer;
import java.util.Queue;

/// Where a [PeerCore] stands: how it comes about, how it fails, and in which order its children say goodbye.
final class Lifecycle {
    private enum Timer {
        /// How long the other side may take to agree to the end.
        CLOSE,
        /// How long ICE and DTLS may take together once both descriptions are known.
        CONNECT
    }

    private static final long CLOSE_LIMIT_NANOS = 1_000_000_000L;
    private static final long CONNECT_LIMIT_NANOS = 60_000_000_000L;

    private final IceWiring ice;
    private final DtlsWiring dtls;
    private final RtpWiring rtp;
    private final SctpWiring sctp;
    private final Intake intake;
    private final Queue<PeerEvent> events;
    private final TimerTable<Timer> timers = new TimerTable<>(Timer.class);
    private PeerState state = PeerState.NEW;
    private boolean iceConnected;
    private long connectBeganNanos = TimerTable.NEVER;
    private long connectedNanos = TimerTable.NEVER;

    /// @param events where changes of state go, and the ends of channels and tracks before them
    Lifecycle(IceWiring ice, DtlsWiring dtls, RtpWiring rtp, SctpWiring sctp, Intake intake, Queue<PeerEvent> events) {
        this.ice = ice;
        this.dtls = dtls;
        this.rtp = rtp;
        this.sctp = sctp;
        this.intake = intake;
        this.events = events;
    }

    PeerState state() {
        return state;
    }

    boolean isNew() {
        return state == PeerState.NEW;
    }

    /// Whether goodbyes are all that is left to say: a relay that goes now is no loss.
    boolean isEnding() {
        return state == PeerState.CLOSING || state == PeerState.CLOSED;
    }

    boolean isClosed() {
        return state == PeerState.CLOSED;
    }

    void requireOpen() {
        if (state == PeerState.CLOSED || state == PeerState.CLOSING) {
            throw new IllegalStateException("the connection is closed");
        }
    }

    /// From both descriptions known to keys agreed, 0 until then.
    long connectNanos() {
        return connectedNanos == TimerTable.NEVER ? 0 : connectedNanos - connectBeganNanos;
    }

    // --- how it comes about

    /// Both descriptions are known; says so once.
    void begin(long nowNanos) {
        if (connectBeganNanos == TimerTable.NEVER) {
            connectBeganNanos = nowNanos;
            timers.set(Timer.CONNECT, nowNanos + CONNECT_LIMIT_NANOS);
            setState(PeerState.CONNECTING, "both descriptions are known");
        }
    }

    void onIce(long nowNanos, IceEvent.StateChanged change) {
        switch (change.to()) {
            case CONNECTED, COMPLETED -> {
                iceConnected = true;
                becomeConnected(nowNanos, "ICE: " + change.reason());
            }
            case DISCONNECTED -> {
                iceConnected = false;
                if (state == PeerState.CONNECTED || state == PeerState.CONNECTING) {
                    setState(PeerState.DISCONNECTED, change.reason());
                }
            }
            case FAILED -> {
                iceConnected = false;
                if (mayReturn()) {
                    setState(PeerState.FAILED, change.reason());
                } else {
                    fail(nowNanos, change.reason());
                }
            }
            case NEW, CHECKING, CLOSED -> {}
        }
    }

    /// One of the two that a connection is made of has come about.
    void becomeConnected(long nowNanos, String reason) {
        if (!iceConnected
                || !dtls.isConnected()
                || (state != PeerState.CONNECTING
                        && state != PeerState.DISCONNECTED
                        && !(state == PeerState.FAILED && wasConnected()))) {
            return;
        }
        if (!wasConnected()) {
            connectedNanos = nowNanos;
        }
        timers.clear(Timer.CONNECT);
        setState(PeerState.CONNECTED, reason);
    }

    private boolean wasConnected() {
        return connectedNanos != TimerTable.NEVER;
    }

    /// A connection that has stood waits for an ICE restart, with its keys, its tracks and all that its channels hold.
    private boolean mayReturn() {
        return wasConnected()
                && dtls.isConnected()
                && (state == PeerState.CONNECTED || state == PeerState.DISCONNECTED);
    }

    // --- how it ends

    /// Says goodbye: RTCP BYE, then what the data channels still hold and their shutdown, then DTLS's close_notify.
    void close(long nowNanos) {
        rtp.session().close(); // RTCP BYE
        if (state == PeerState.CONNECTED && sctp.isStarted() && !sctp.isOver()) {
            setState(PeerState.CLOSING, "closed by this side");
            timers.set(Timer.CLOSE, nowNanos + CLOSE_LIMIT_NANOS);
            sctp.channels().shutdown(nowNanos);
        } else {
            end(nowNanos, "closed by this side");
        }
    }

    /// Programs end their association only together with the connection, and not all of them say goodbye in DTLS too.
    void onAssociationClosed(long nowNanos, DataChannelEvent.AssociationClosed ended) {
        end(nowNanos, state == PeerState.CLOSING ? "closed" : "the data channels ended: " + ended.reason());
    }

    void fail(long nowNanos, String reason) {
        if (state == PeerState.CLOSING) {
            end(nowNanos, reason);
        } else if (state != PeerState.CLOSED && state != PeerState.FAILED) {
            setState(PeerState.FAILED, reason);
            timers.clearAll();
            endChannels(nowNanos, reason);
        }
    }

    void end(long nowNanos, String reason) {
        if (state == PeerState.CLOSED) {
            return;
        }
        PeerState before = state;
        state = PeerState.CLOSED; // first, because the children report their own end while this goes on
        timers.clearAll();
        intake.forgetEarly();
        endChannels(nowNanos, reason);
        rtp.endTracks();
        rtp.pumpTo(nowNanos, events);
        rtp.session().close();
        for (ByteBuffer last = sctp.pollPacket(nowNanos); last != null; last = sctp.pollPacket(nowNanos)) {
            dtls.send(last); // the end of the association goes before the end of DTLS
        }
        dtls.close();
        ice.agent().close(nowNanos);
        assert before.mayBecome(PeerState.CLOSED) : before + " -> CLOSED";
        events.add(new PeerEvent.StateChanged(PeerState.CLOSED, reason));
    }

    private void endChannels(long nowNanos, String reason) {
        if (!sctp.isOver()) {
            sctp.channels().abort(nowNanos, reason);
        }
        for (DataChannelEvent event = sctp.pollEvent(); event != null; event = sctp.pollEvent()) {
            events.add(new PeerEvent.Channel(event));
        }
    }

    // --- time

    void handleTimeout(long nowNanos) {
        for (Timer due = timers.pollDue(nowNanos); due != null; due = timers.pollDue(nowNanos)) {
            switch (due) {
                case CLOSE -> end(nowNanos, "closed; the other side did not confirm it in time");
                case CONNECT -> {
                    if (state != PeerState.CONNECTED) {
                        fail(nowNanos, "no connection came about within a minute");
                    }
                }
            }
        }
    }

    long nextTimeoutNanos() {
        return timers.nextNanos();
    }

    private void setState(PeerState next, String reason) {
        assert state.mayBecome(next) : state + " -> " + next + ": " + reason;
        state = next;
        events.add(new PeerEvent.StateChanged(next, reason));
    }

    boolean isConsistent() {
        boolean closing = timers.isRunning(Timer.CLOSE) == (state == PeerState.CLOSING);
        boolean connecting = !timers.isRunning(Timer.CONNECT)
                || state == PeerState.CONNECTING
                || state == PeerState.DISCONNECTED
                || state == PeerState.CLOSING;
        boolean connected = state != PeerState.CONNECTED || dtls.isConnected();
        return closing && connecting && connected;
    }
}
