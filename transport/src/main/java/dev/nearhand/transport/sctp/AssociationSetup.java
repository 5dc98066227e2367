package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.ChunkType;
import dev.nearhand.transport.sctp.packet.CookieAckChunk;
import dev.nearhand.transport.sctp.packet.CookieEchoChunk;
import dev.nearhand.transport.sctp.packet.ErrorCause;
import dev.nearhand.transport.sctp.packet.ErrorChunk;
import dev.nearhand.transport.sctp.packet.InitAckChunk;
import dev.nearhand.transport.sctp.packet.InitChunk;
import dev.nearhand.transport.sctp.packet.ShutdownAckChunk;
import dev.nearhand.transport.time.TimerTable;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The four-way handshake, from either side and from both at once, with its two timers
/// ([RFC 9260 section 5](https://www.rfc-editor.org/rfc/rfc9260#section-5)). What the messages say is in [Handshake];
/// what an association that stands does is its owner's.
final class AssociationSetup {
    /// Who is told what came of it.
    interface Owner {
        /// The peer has answered with its terms: what waits may go along with COOKIE ECHO.
        void learnPeer(long nowNanos, PeerTerms terms);

        /// T1-cookie has run out: what went along with COOKIE ECHO counts as lost like it.
        void losePacketOfCookieEcho(long nowNanos);

        /// The peer has certainly not taken what went along with COOKIE ECHO.
        void takeBack();

        void establish(long nowNanos, PeerTerms terms, String reason);

        void restart(long nowNanos, StateCookie cookie);

        void abort(ErrorCause cause, String reason);
    }

    private final SctpConfig config;
    private final AssociationState state;
    private final Handshake handshake;
    private final ControlQueue control;
    private final TimerTable<SctpTimer> timers;
    private final RetransmissionTimeout timeout;
    private final Counters counters;
    private final Owner owner;

    private int attempts;
    private @Nullable PeerTerms peer;
    private @Nullable ByteBuffer peerCookie;

    AssociationSetup(
            SctpConfig config,
            AssociationState state,
            Handshake handshake,
            ControlQueue control,
            TimerTable<SctpTimer> timers,
            RetransmissionTimeout timeout,
            Counters counters,
            Owner owner) {
        this.config = config;
        this.state = state;
        this.handshake = handshake;
        this.control = control;
        this.timers = timers;
        this.timeout = timeout;
        this.counters = counters;
        this.owner = owner;
    }

    /// The peer of the association that stands or is being set up, once it is known.
    @Nullable
    PeerTerms peer() {
        return peer;
    }

    void connect(long nowNanos) {
        state.set(SctpState.COOKIE_WAIT, "connecting");
        attempts = 0;
        sendInit(nowNanos);
    }

    /// With both INITs known there is nothing to agree on.
    void connect(long nowNanos, InitChunk remote) {
        PeerTerms terms = handshake.terms(remote.body());
        if (terms == null) {
            connect(nowNanos);
        } else {
            establish(nowNanos, terms, "both INITs came with the descriptions");
        }
    }

    /// T1-init or T1-cookie has run out.
    void onTimeout(long nowNanos) {
        attempts++;
        if (attempts > Handshake.MAX_INIT_RETRANSMITS) {
            owner.abort(ErrorCause.empty(ErrorCause.OUT_OF_RESOURCE), "the peer does not answer the set-up");
            return;
        }
        timeout.backOff();
        if (state.is(SctpState.COOKIE_WAIT)) {
            sendInit(nowNanos);
        } else {
            owner.losePacketOfCookieEcho(nowNanos);
            sendCookieEcho(nowNanos);
        }
    }

    void onInit(long nowNanos, InitChunk chunk) {
        PeerTerms terms = handshake.terms(chunk.body());
        if (terms == null) {
            counters.drop(DropReason.BAD_INIT);
            return;
        }
        switch (state.current()) {
            case CLOSED, COOKIE_WAIT ->
                control.addLone(terms.tag(), handshake.answer(nowNanos, chunk.body(), terms, null, false));
            case COOKIE_ECHOED ->
                control.addLone(terms.tag(), handshake.answer(nowNanos, chunk.body(), terms, peer, false));
            case ESTABLISHED, SHUTDOWN_PENDING, SHUTDOWN_SENT, SHUTDOWN_RECEIVED ->
                control.addLone(terms.tag(), handshake.answer(nowNanos, chunk.body(), terms, peer, true));
            case SHUTDOWN_ACK_SENT -> control.add(new ShutdownAckChunk()); // section 9.2
        }
    }

    void onInitAck(long nowNanos, InitAckChunk chunk) {
        if (!state.is(SctpState.COOKIE_WAIT)) {
            counters.drop(DropReason.UNEXPECTED_CHUNK);
            return;
        }
        PeerTerms terms = handshake.terms(chunk.body());
        if (terms == null) {
            counters.drop(DropReason.BAD_INIT);
            return;
        }
        peer = terms;
        ByteBuffer cookie = Handshake.cookie(chunk.body());
        if (cookie == null || cookie.remaining() > config.maxPacketBytes() - 64) {
            counters.drop(DropReason.BAD_INIT);
            owner.abort(ErrorCause.empty(ErrorCause.MISSING_PARAMETER), "the peer's INIT ACK holds no usable cookie");
            return;
        }
        timers.clear(SctpTimer.T1_INIT);
        peerCookie = cookie;
        attempts = 0;
        state.set(SctpState.COOKIE_ECHOED, "INIT ACK received");
        sendCookieEcho(nowNanos);
        reportUnrecognized(chunk);
        owner.learnPeer(nowNanos, terms);
    }

    /// Answers whether the rest of the packet belongs to this association.
    boolean onCookieEcho(long nowNanos, int tag, CookieEchoChunk chunk) {
        StateCookie cookie = handshake.open(chunk.cookie());
        if (cookie == null || cookie.localTag() != tag) {
            counters.drop(DropReason.BAD_COOKIE);
            return false;
        }
        Handshake.CookieAction action = handshake.decide(cookie, peer);
        if (cookie.isStale(nowNanos) && action != Handshake.CookieAction.ACKNOWLEDGE) {
            refuseStale(nowNanos, cookie);
            return false;
        }
        switch (action) {
            case ESTABLISH, ADOPT, ACKNOWLEDGE -> {
                if (state.isBeforeEstablished()) {
                    establish(nowNanos, cookie.peer(), "COOKIE ECHO received");
                }
                peer = cookie.peer();
                control.add(new CookieAckChunk());
            }
            case RESTART -> restart(nowNanos, cookie);
            case DISCARD -> {
                counters.drop(DropReason.BAD_COOKIE);
                return false;
            }
        }
        return true;
    }

    void onCookieAck(long nowNanos) {
        PeerTerms terms = peer;
        if (state.is(SctpState.COOKIE_ECHOED) && terms != null) {
            establish(nowNanos, terms, "COOKIE ACK received");
        } else {
            counters.drop(DropReason.UNEXPECTED_CHUNK);
        }
    }

    /// Section 5.2.6 (1): "Send a new INIT chunk … and reattempt the setup procedure".
    void onStaleCookie(long nowNanos) {
        if (state.is(SctpState.COOKIE_ECHOED)) {
            timers.clear(SctpTimer.T1_COOKIE);
            control.removeType(ChunkType.COOKIE_ECHO);
            owner.takeBack();
            peer = null;
            state.set(SctpState.COOKIE_WAIT, "the cookie was stale");
            sendInit(nowNanos);
        }
    }

    private void establish(long nowNanos, PeerTerms terms, String reason) {
        timers.clear(SctpTimer.T1_INIT);
        timers.clear(SctpTimer.T1_COOKIE);
        control.removeType(ChunkType.INIT);
        control.removeType(ChunkType.COOKIE_ECHO);
        peerCookie = null;
        if (peer != null && peer.tag() != terms.tag()) {
            owner.takeBack(); // it went to a tag that the peer has given up
        }
        peer = terms;
        owner.establish(nowNanos, terms, reason);
    }

    /// Section 5.2.4.1: the peer has lost everything.
    private void restart(long nowNanos, StateCookie cookie) {
        if (state.is(SctpState.SHUTDOWN_ACK_SENT)) {
            control.add(new ShutdownAckChunk());
            control.add(new ErrorChunk(List.of(ErrorCause.empty(ErrorCause.COOKIE_WHILE_SHUTTING_DOWN))));
        } else if (state.is(SctpState.ESTABLISHED)) {
            handshake.adopt(cookie);
            peer = cookie.peer();
            owner.restart(nowNanos, cookie);
            control.add(new CookieAckChunk());
        } else {
            counters.drop(DropReason.UNEXPECTED_CHUNK); // on the way out there is nothing to begin anew
        }
    }

    private void refuseStale(long nowNanos, StateCookie cookie) {
        long lateMicros = (nowNanos - cookie.createdNanos() - StateCookie.LIFETIME_NANOS) / 1_000;
        ErrorCause cause =
                ErrorCause.withNumber(ErrorCause.STALE_COOKIE, (int) Math.min(lateMicros, Integer.MAX_VALUE));
        control.addLone(cookie.peer().tag(), new ErrorChunk(List.of(cause)));
    }

    private void reportUnrecognized(InitAckChunk chunk) {
        int room = config.maxPacketBytes() / 4;
        for (ByteBuffer unknown : Handshake.unrecognized(chunk.body())) {
            room -= unknown.remaining();
            if (room >= 0) {
                control.add(new ErrorChunk(List.of(new ErrorCause(ErrorCause.UNRECOGNIZED_PARAMETERS, unknown))));
            }
        }
    }

    private void sendInit(long nowNanos) {
        control.removeType(ChunkType.INIT);
        // some old stacks drop an INIT with a parameter they do not know: the second attempt asks for less
        control.addLone(0, handshake.init(attempts == 0));
        timers.set(SctpTimer.T1_INIT, nowNanos + timeout.nanos());
    }

    private void sendCookieEcho(long nowNanos) {
        if (peerCookie != null) {
            control.removeType(ChunkType.COOKIE_ECHO);
            control.addFirst(new CookieEchoChunk(peerCookie.duplicate()));
        }
        timers.set(SctpTimer.T1_COOKIE, nowNanos + timeout.nanos());
    }
}
