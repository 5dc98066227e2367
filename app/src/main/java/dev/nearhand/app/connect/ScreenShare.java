package dev.nearhand.app.connect;

import dev.nearhand.app.rendezvous.SignalingListener;
import dev.nearhand.app.session.HostDevices;
import dev.nearhand.app.session.HostListener;
import dev.nearhand.app.session.HostSession;
import dev.nearhand.app.session.HostState;
import dev.nearhand.app.session.OfferingLink;
import dev.nearhand.app.session.PathMessage;
import dev.nearhand.app.session.SessionStats;
import dev.nearhand.app.session.Words;
import dev.nearhand.app.signaling.CodeGate;
import dev.nearhand.app.signaling.Door;
import dev.nearhand.app.signaling.Refusal;
import dev.nearhand.app.signaling.SignalMessage;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This screen, open to one viewer at a time who has the code and whom the person here has let in.
///
/// Any thread.
public final class ScreenShare implements AutoCloseable {
    /// How long a question for consent waits.
    public static final Duration CONSENT_LIMIT = Duration.ofSeconds(45);

    /// The longest name of a viewer that is shown.
    static final int NAME_LIMIT = 80;

    private static final Logger LOG = LoggerFactory.getLogger(ScreenShare.class);

    private final ShareOptions options;
    private final HostDevices devices;
    private final ShareListener listener;
    private final Links links;
    private final CodeGate gate = new CodeGate(new SecureRandom(), System::nanoTime);
    private final SignalingListener signaling;
    private final List<String> addresses;

    /// Who has shown the right code and is asking, connecting or watching. Guarded by this.
    private @Nullable Guest guest;

    private boolean closed;

    /// One viewer from the right code to the end of the session. Fields are guarded by the share.
    private static final class Guest {
        private final Door.Visitor visitor;
        private final String name;
        private @Nullable CompletableFuture<Consent> asked;
        private @Nullable OfferingLink link;
        private @Nullable HostSession session;
        private boolean answered;

        Guest(Door.Visitor visitor, String name) {
            this.visitor = visitor;
            this.name = name;
        }
    }

    private ScreenShare(ShareOptions options, HostDevices devices, ShareListener listener, Links links) {
        this.options = options;
        this.devices = devices;
        this.listener = listener;
        this.links = links;
        this.signaling = openSignaling();
        this.addresses = LocalAddresses.withPort(
                options.bind().isEmpty() ? LocalAddresses.reachable() : options.bind(), signaling.port());
    }

    /// Begins to listen; returns when viewers can connect.
    ///
    /// @throws ConnectException when the port cannot be opened
    public static ScreenShare start(ShareOptions options, HostDevices devices, ShareListener listener) {
        return start(options, devices, listener, Links.webRtc(options.ice()));
    }

    static ScreenShare start(ShareOptions options, HostDevices devices, ShareListener listener, Links links) {
        ScreenShare share = new ScreenShare(options, devices, listener, links);
        share.invite();
        return share;
    }

    private SignalingListener openSignaling() {
        try {
            return SignalingListener.open(options.bind(), options.port(), new Entrance());
        } catch (IOException taken) {
            if (options.port() == ShareOptions.DEFAULT_PORT) {
                try {
                    return SignalingListener.open(options.bind(), 0, new Entrance());
                } catch (IOException failure) {
                    taken.addSuppressed(failure);
                }
            }
            throw new ConnectException(
                    "Port " + options.port() + " cannot be opened on this machine; choose another one.", taken);
        }
    }

    /// Where to connect to, the best one first.
    public List<String> addresses() {
        return addresses;
    }

    /// The present one-time code, nine digits.
    public String code() {
        return gate.code();
    }

    public int port() {
        return signaling.port();
    }

    /// Whether the viewer may steer from now on.
    public void allowControl(boolean allowed) {
        session().ifPresent(session -> session.allowControl(allowed));
    }

    /// Ends the session with the present viewer; the share goes on with a new code.
    public void endSession(String reason) {
        session().ifPresent(session -> session.stop(reason));
    }

    /// Of the running session; empty when nobody watches.
    public Optional<SessionStats> stats() {
        return session().map(HostSession::stats);
    }

    /// Ends everything; the viewer is told.
    @Override
    public void close() {
        Guest present;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            present = guest;
            guest = null;
        }
        if (present != null) {
            dismiss(present, "The host has stopped sharing.");
        }
        signaling.close();
    }

    private synchronized Optional<HostSession> session() {
        return Optional.ofNullable(guest).map(present -> present.session);
    }

    private void invite() {
        listener.onInvitation(addresses, gate.code());
    }

    /// Sends away whoever is asking or watching, and waits until nothing of it is left.
    private void dismiss(Guest present, String reason) {
        CompletableFuture<Consent> asked;
        HostSession session;
        synchronized (this) {
            asked = present.asked;
            session = present.session;
        }
        if (asked != null) {
            asked.cancel(false);
        }
        if (session != null) {
            session.stop(reason);
            session.close();
        } else {
            present.visitor.sendLast(Refusal.DECLINED.because(reason));
        }
    }

    private void join(Door.Visitor visitor, SignalMessage.Join join) {
        Optional<Guest> before;
        Guest accepted = new Guest(visitor, shownName(join.name()));
        synchronized (this) {
            if (closed || isBusy()) {
                visitor.sendLast(Refusal.BUSY.because(
                        "Somebody else is connected to that screen already; try again when they have left."));
                return;
            }
            switch (gate.check(join.code())) {
                case CodeGate.Verdict.Right() -> {
                    before = Optional.ofNullable(guest);
                    guest = accepted;
                }
                case CodeGate.Verdict.Wrong(int left) -> {
                    visitor.sendLast(Refusal.WRONG_CODE.because("The code is not right; "
                            + (left == 1 ? "one try is" : left + " tries are") + " left before it changes."));
                    return;
                }
                case CodeGate.Verdict.Replaced() -> {
                    LOG.info("three wrong codes: there is a new one");
                    visitor.sendLast(Refusal.WRONG_CODE.because(
                            "The code is not right, and it has changed now; ask for the new one."));
                    Thread.startVirtualThread(this::invite);
                    return;
                }
                case CodeGate.Verdict.Locked(long seconds) -> {
                    visitor.sendLast(Refusal.LOCKED.because(
                            "Too many wrong codes have been tried; try again in " + seconds + " s."));
                    return;
                }
            }
        }
        before.ifPresent(silent -> Thread.startVirtualThread(
                () -> dismiss(silent, "Somebody else has connected to this screen while you were silent.")));
        Thread.startVirtualThread(() -> ask(accepted));
    }

    /// A viewer who has fallen silent does not keep out the next one. Holds the lock.
    private boolean isBusy() {
        Guest present = guest;
        return present != null && (present.session == null || present.session.state() != HostState.SILENT);
    }

    private void ask(Guest asking) {
        asking.visitor.send(new SignalMessage.Asking());
        CompletableFuture<Consent> answer = listener.onConsentAsked(asking.name);
        synchronized (this) {
            asking.asked = answer;
            if (guest != asking) {
                answer.cancel(false);
            }
        }
        // a copy is timed, so that the listener sees a cancelled question and not a failed one
        answer.copy().orTimeout(CONSENT_LIMIT.toMillis(), TimeUnit.MILLISECONDS).whenComplete((consent, failure) -> {
            answer.cancel(false);
            Thread.startVirtualThread(() -> decided(asking, failure == null ? consent : Consent.REFUSED));
        });
    }

    private void decided(Guest asking, Consent consent) {
        synchronized (this) {
            if (guest != asking) {
                return;
            }
            asking.asked = null;
            if (consent == Consent.REFUSED) {
                guest = null;
            }
        }
        if (consent == Consent.REFUSED) {
            asking.visitor.sendLast(
                    Refusal.DECLINED.because("The person at the other screen did not allow it; talk to them first."));
            invite();
            return;
        }
        try {
            connect(asking, consent == Consent.CONTROL);
        } catch (RuntimeException failure) {
            LOG.warn("no connection can be offered", failure);
            asking.visitor.sendLast(Refusal.FAILED.because("The other machine cannot make a connection."));
            leave(asking, "No connection could be offered to the viewer; check the network of this machine.");
        }
    }

    private void connect(Guest asking, boolean control) {
        OfferingLink link = links.host(options.bind(), asking.visitor.fromThisMachine());
        HostSession session = new HostSession(
                options.config().withControl(control && options.config().control()),
                devices,
                link,
                new Reports(asking),
                found -> asking.visitor.send(new SignalMessage.Candidate(found.candidate(), found.mid())));
        synchronized (this) {
            if (guest != asking) {
                session.stop("The viewer has gone.");
                return;
            }
            asking.link = link;
            asking.session = session;
        }
        link.offer().whenComplete((sdp, failure) -> {
            if (failure == null) {
                asking.visitor.send(new SignalMessage.Offer(sdp));
            } else {
                LOG.warn("no offer", failure);
                session.stop("No connection could be offered to the viewer.");
            }
        });
    }

    private void answer(Door.Visitor visitor, SignalMessage.Answer answer) {
        OfferingLink link;
        HostSession session;
        synchronized (this) {
            Guest present = guest;
            if (present == null || present.visitor != visitor || present.answered) {
                visitor.close();
                return;
            }
            link = present.link;
            session = present.session;
            present.answered = link != null;
        }
        if (link == null || session == null) {
            visitor.close();
            return;
        }
        link.accept(answer.sdp()).whenComplete((_, failure) -> {
            if (failure != null) {
                LOG.info("the answer was not taken: {}", failure.getClass().getSimpleName());
                session.stop("The viewer's answer cannot be understood; both sides need the same version.");
            }
        });
    }

    private void candidate(Door.Visitor visitor, PathMessage.Candidate found) {
        OfferingLink link;
        synchronized (this) {
            Guest present = guest;
            link = present == null || present.visitor != visitor ? null : present.link;
        }
        if (link != null) {
            link.addCandidate(found);
        }
    }

    private void gone(Door.Visitor visitor) {
        Guest present;
        boolean asking;
        synchronized (this) {
            present = guest;
            if (present == null || present.visitor != visitor || present.answered) {
                return;
            }
            asking = present.session == null;
            if (asking) {
                guest = null;
            }
        }
        Guest left = present;
        if (asking) {
            Thread.startVirtualThread(() -> {
                cancelQuestion(left);
                invite();
            });
        } else {
            session().ifPresent(session -> session.stop("The viewer has gone before it was connected."));
        }
    }

    private void cancelQuestion(Guest left) {
        CompletableFuture<Consent> asked;
        synchronized (this) {
            asked = left.asked;
        }
        if (asked != null) {
            asked.cancel(false);
        }
    }

    /// The session of this guest is over.
    private void leave(Guest left, String reason) {
        boolean inviting;
        synchronized (this) {
            inviting = guest == left && !closed;
            if (guest == left) {
                guest = null;
            }
        }
        listener.onState(left.name, HostState.ENDED, reason);
        left.visitor.close();
        if (inviting) {
            invite();
        }
    }

    private static String shownName(String claimed) {
        String name = Words.plain(claimed, NAME_LIMIT);
        return name.isEmpty() ? "A viewer without a name" : name;
    }

    private final class Entrance implements Door {
        @Override
        public void onMessage(Visitor visitor, SignalMessage message) {
            switch (message) {
                case SignalMessage.Join join -> join(visitor, join);
                case SignalMessage.Answer answer -> answer(visitor, answer);
                case SignalMessage.Candidate(String candidate, String mid) ->
                    candidate(visitor, new PathMessage.Candidate(candidate, mid));
                case SignalMessage.Asking _, SignalMessage.Refused _, SignalMessage.Offer _ -> visitor.close();
            }
        }

        @Override
        public void onGone(Visitor visitor) {
            gone(visitor);
        }
    }

    private final class Reports implements HostListener {
        private final Guest reported;

        Reports(Guest reported) {
            this.reported = reported;
        }

        @Override
        public void onState(HostState state, String reason) {
            if (state == HostState.ENDED) {
                leave(reported, reason);
            } else {
                listener.onState(reported.name, state, reason);
            }
        }

        @Override
        public void onControl(boolean allowed, String reason) {
            listener.onControl(allowed, reason);
        }
    }
}
