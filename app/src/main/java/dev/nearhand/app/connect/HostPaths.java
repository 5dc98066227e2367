package dev.nearhand.app.connect;

import dev.nearhand.app.session.HostSession;
import dev.nearhand.app.session.OfferingLink;
import dev.nearhand.app.session.PathListener;
import dev.nearhand.app.session.PathMessage;
import dev.nearhand.app.session.PeerLink;
import dev.nearhand.app.session.Words;
import dev.nearhand.app.signaling.Door;
import dev.nearhand.app.signaling.SignalMessage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The host's part in connecting a session, and in connecting it again: makes the offers, and lets the one viewer back
/// in who has the ticket of this session. Any thread.
///
/// One offer at a time: it is said again, with the candidates found since, until it is answered.
final class HostPaths implements PathListener {
    /// Told when the way to the outside is needed, or is not any more.
    interface Need {
        void changed(boolean needed);
    }

    private static final Logger LOG = LoggerFactory.getLogger(HostPaths.class);
    /// The newest are kept: those of the present networks.
    private static final int LATE_LIMIT = 64;

    private final OfferingLink link;
    private final Need need;

    // guarded by this, from here on
    private @Nullable HostSession session;
    private Door.@Nullable Visitor visitor;
    private boolean connected;
    private boolean answered;
    private boolean offering;
    private String unanswered = "";
    private final List<PathMessage.Candidate> late = new ArrayList<>();
    private String ticket = "";
    private String earlierTicket = "";
    private boolean ticketGiven;

    /// @param visitor by whom the answer to the first offer comes
    HostPaths(OfferingLink link, Door.Visitor visitor, Need need) {
        this.link = link;
        this.visitor = visitor;
        this.need = need;
    }

    /// Makes the first offer for this session.
    void begin(HostSession begun) {
        synchronized (this) {
            session = begun;
            offering = true;
        }
        link.offer().whenComplete(this::offered);
    }

    /// Whether what this visitor says is for this session.
    synchronized boolean isOf(Door.Visitor candidate) {
        return visitor == candidate;
    }

    /// The viewer comes back by the signaling.
    ///
    /// @return false when it is not the viewer of this session
    boolean rejoin(Door.Visitor returning, String shown) {
        Door.Visitor before;
        synchronized (this) {
            if (!isOneOf(shown)) {
                return false;
            }
            before = visitor;
            visitor = returning;
            ticketGiven = false; // what has been said aloud once is replaced as soon as the connection is back
        }
        if (before != null) {
            before.close();
        }
        LOG.info("the viewer comes back by the signaling");
        returning.send(new SignalMessage.Rejoined());
        return true;
    }

    private boolean isOneOf(String shown) {
        return !ticket.isEmpty() && (same(ticket, shown) || (!earlierTicket.isEmpty() && same(earlierTicket, shown)));
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    /// A visitor's WebSocket is closed.
    ///
    /// @return whether that was the only hope of a connection that never stood
    boolean gone(Door.Visitor left) {
        synchronized (this) {
            if (visitor != left) {
                return false;
            }
            visitor = null;
            return !connected && !answered;
        }
    }

    /// Tells the viewer by the signaling, if it is there, that it is over.
    void farewell(String reason) {
        Door.Visitor present;
        synchronized (this) {
            present = visitor;
            visitor = null;
        }
        if (present != null) {
            present.sendLast(new SignalMessage.Bye(Words.bounded(reason, 500)));
        }
    }

    @Override
    public void onLocal(PathMessage.Candidate candidate) {
        Door.Visitor present;
        boolean later;
        synchronized (this) {
            if (late.size() == LATE_LIMIT) {
                late.removeFirst();
            }
            late.add(candidate);
            present = visitor;
            later = connected;
        }
        if (present != null) {
            present.send(PathSignals.toSignal(candidate));
        }
        if (later) {
            session().sendPath(candidate);
            need.changed(true);
        }
    }

    @Override
    public void onRemote(PathMessage message) {
        switch (message) {
            case PathMessage.Answer(String sdp) -> answer(sdp);
            case PathMessage.Candidate candidate -> link.addCandidate(candidate);
            case PathMessage.Restart() -> restart();
            case PathMessage.Offer _ -> {}
        }
    }

    @Override
    public void onLink(PeerLink.State state) {
        switch (state) {
            case CONNECTED -> {
                synchronized (this) {
                    connected = true;
                }
                giveTicket();
                need.changed(false);
            }
            case DISCONNECTED, FAILED -> need.changed(true);
            case CLOSED -> need.changed(false);
            case CONNECTING -> {}
        }
    }

    private void giveTicket() {
        String fresh = secret();
        HostSession present;
        synchronized (this) {
            if (ticketGiven) {
                return;
            }
            present = Objects.requireNonNull(session);
        }
        if (present.giveTicket(fresh)) {
            synchronized (this) {
                ticketGiven = true;
                earlierTicket = ticket; // the fresh one may get lost with the connection
                ticket = fresh;
            }
        }
    }

    private synchronized HostSession session() {
        return Objects.requireNonNull(session);
    }

    private void restart() {
        String again;
        synchronized (this) {
            if (offering) {
                return;
            }
            again = unanswered;
            offering = again.isEmpty();
        }
        if (again.isEmpty()) {
            LOG.info("looking for another path");
            link.restart().whenComplete(this::offered);
        } else {
            say(again);
        }
    }

    private void offered(@Nullable String sdp, @Nullable Throwable failure) {
        boolean first;
        synchronized (this) {
            offering = false;
            first = !connected;
            if (sdp != null) {
                unanswered = sdp;
                late.clear(); // they are in it
            }
        }
        if (sdp != null) {
            say(sdp);
        } else {
            LOG.warn("no offer", failure);
            if (first) {
                session().stop("No connection could be offered to the viewer.");
            }
        }
    }

    /// By the signaling if the viewer is there, else through the connection, if that still carries anything.
    private void say(String offer) {
        Door.Visitor present;
        List<PathMessage.Candidate> since;
        synchronized (this) {
            present = visitor;
            since = List.copyOf(late);
        }
        PathMessage message = new PathMessage.Offer(offer);
        if (present != null) {
            present.send(PathSignals.toSignal(message));
            since.forEach(candidate -> present.send(PathSignals.toSignal(candidate)));
        } else {
            HostSession through = session();
            through.sendPath(message);
            since.forEach(through::sendPath);
        }
    }

    private void answer(String sdp) {
        boolean first;
        synchronized (this) {
            if (unanswered.isEmpty()) {
                return; // it has been answered already
            }
            unanswered = "";
            answered = true;
            first = !connected;
        }
        link.accept(sdp).whenComplete((_, failure) -> {
            if (failure != null) {
                LOG.info("the answer was not taken: {}", failure.getClass().getSimpleName());
                if (first) {
                    session().stop("The viewer's answer cannot be understood; both sides need the same version.");
                }
            }
        });
    }

    /// 128 bits, as text.
    private static String secret() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
