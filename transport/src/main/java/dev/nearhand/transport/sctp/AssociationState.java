package dev.nearhand.transport.sctp;

import dev.nearhand.transport.time.TimerTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The state of an association: its legal moves, what each state allows, and which timers may run in it
/// ([RFC 9260 section 4](https://www.rfc-editor.org/rfc/rfc9260#section-4)).
final class AssociationState {
    private static final Logger LOG = LoggerFactory.getLogger(AssociationState.class);

    private SctpState current = SctpState.CLOSED;
    private boolean ended;

    SctpState current() {
        return current;
    }

    boolean is(SctpState state) {
        return current == state;
    }

    /// Whether it is closed for good, rather than not begun.
    boolean isEnded() {
        return ended;
    }

    void set(SctpState next, String reason) {
        assert isLegal(current, next) : current + " -> " + next;
        LOG.debug("SCTP {} -> {}: {}", current, next, reason);
        current = next;
    }

    void end(String reason) {
        set(SctpState.CLOSED, reason);
        ended = true;
    }

    /// Whether messages may be queued: until somebody ends the association.
    boolean acceptsMessages() {
        return !ended
                && switch (current) {
                    case CLOSED, COOKIE_WAIT, COOKIE_ECHOED, ESTABLISHED -> true;
                    case SHUTDOWN_PENDING, SHUTDOWN_SENT, SHUTDOWN_RECEIVED, SHUTDOWN_ACK_SENT -> false;
                };
    }

    /// Whether DATA and SACK may be sent.
    boolean carriesData() {
        return switch (current) {
            case ESTABLISHED, SHUTDOWN_PENDING, SHUTDOWN_SENT, SHUTDOWN_RECEIVED -> true;
            case CLOSED, COOKIE_WAIT, COOKIE_ECHOED, SHUTDOWN_ACK_SENT -> false;
        };
    }

    /// Whether DATA of the peer is taken.
    boolean takesData() {
        return switch (current) {
            case ESTABLISHED, SHUTDOWN_PENDING, SHUTDOWN_SENT -> true;
            case CLOSED, COOKIE_WAIT, COOKIE_ECHOED, SHUTDOWN_RECEIVED, SHUTDOWN_ACK_SENT -> false;
        };
    }

    /// Whether the association is still being set up, or was never begun.
    boolean isBeforeEstablished() {
        return switch (current) {
            case CLOSED, COOKIE_WAIT, COOKIE_ECHOED -> true;
            case ESTABLISHED, SHUTDOWN_PENDING, SHUTDOWN_SENT, SHUTDOWN_RECEIVED, SHUTDOWN_ACK_SENT -> false;
        };
    }

    private static boolean isLegal(SctpState from, SctpState to) {
        return to == SctpState.CLOSED
                || switch (from) {
                    case CLOSED -> to == SctpState.COOKIE_WAIT || to == SctpState.ESTABLISHED;
                    case COOKIE_WAIT -> to == SctpState.COOKIE_ECHOED || to == SctpState.ESTABLISHED;
                    case COOKIE_ECHOED -> to == SctpState.COOKIE_WAIT || to == SctpState.ESTABLISHED;
                    case ESTABLISHED -> to == SctpState.SHUTDOWN_PENDING || to == SctpState.SHUTDOWN_RECEIVED;
                    case SHUTDOWN_PENDING -> to == SctpState.SHUTDOWN_SENT || to == SctpState.SHUTDOWN_RECEIVED;
                    case SHUTDOWN_SENT, SHUTDOWN_RECEIVED -> to == SctpState.SHUTDOWN_ACK_SENT;
                    case SHUTDOWN_ACK_SENT -> false;
                };
    }

    /// Which timers may run now; for assertions.
    boolean isConsistent(TimerTable<SctpTimer> timers) {
        for (SctpTimer timer : SctpTimer.values()) {
            if (timers.isRunning(timer) && !mayRun(timer)) {
                throw new AssertionError(timer + " runs in " + current);
            }
        }
        return true;
    }

    private boolean mayRun(SctpTimer timer) {
        return switch (timer) {
            case T1_INIT -> current == SctpState.COOKIE_WAIT;
            case T1_COOKIE -> current == SctpState.COOKIE_ECHOED;
            case T2_SHUTDOWN, T5_SHUTDOWN_GUARD ->
                current == SctpState.SHUTDOWN_SENT || current == SctpState.SHUTDOWN_ACK_SENT;
            case DELAYED_SACK -> carriesData();
            case T3_RTX, RACK, TAIL_PROBE, PACING, COPIES, HEARTBEAT, RECONFIG, PATH_PROBE ->
                carriesData() && current != SctpState.SHUTDOWN_SENT;
        };
    }
}
