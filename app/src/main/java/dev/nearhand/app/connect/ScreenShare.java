package dev.nearhand.app.connect;

import dev.nearhand.app.session.HostDevices;
import dev.nearhand.app.session.HostListener;
import dev.nearhand.app.session.HostSession;
import dev.nearhand.app.session.HostState;
import dev.nearhand.app.session.OfferingLink;
import dev.nearhand.app.session.SessionStats;
import dev.nearhand.app.signaling.CodeGate;
import dev.nearhand.app.signaling.Door;
import dev.nearhand.app.signaling.Refusal;
import dev.nearhand.app.signaling.SignalMessage;
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

    private static final Logger LOG = LoggerFactory.getLogger(ScreenShare.class);

    private final ShareOptions options;
    private final HostDevices devices;
    private final ShareListener listener;
    private final Links links;
    private final CodeGate gate = new CodeGate(new SecureRandom(), System::nanoTime);
    private final CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();
    private final Doors doors;

    /// Who has shown the right code and is asking, connecting or watching. Guarded by this.
    private @Nullable Guest guest;

    private boolean closed;

    private ScreenShare(ShareOptions options, HostDevices devices, ShareListener listener, Links links) {
        this.options = options;
        this.devices = devices;
        this.listener = listener;
        this.links = links;
        this.doors = Doors.open(options, new Entrance(), this::rendezvous);
    }

    /// Begins to listen; returns when viewers can connect.
    ///
    /// @throws ConnectException when the port cannot be opened
    public static ScreenShare start(ShareOptions options, HostDevices devices, ShareListener listener) {
        return start(options, devices, listener, Links.webRtc(options.ice()));
    }

    static ScreenShare start(ShareOptions options, HostDevices devices, ShareListener listener, Links links) {
        ScreenShare share = new ScreenShare(options, devices, listener, links);
        share.ready.complete(null);
        if (options.rendezvous().isEmpty()) {
            share.invite();
        } // otherwise when it is known whether the rendezvous is there
        return share;
    }

    /// Where to connect to, the best one first.
    public List<String> addresses() {
        return doors.addresses();
    }

    /// The present one-time code, nine digits.
    public String code() {
        return gate.code();
    }

    public int port() {
        return doors.port();
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
        doors.close();
    }

    private synchronized Optional<HostSession> session() {
        return Optional.ofNullable(guest).map(present -> present.session);
    }

    private void invite() {
        listener.onInvitation(doors.invitation(gate.code()));
    }

    private void rendezvous(String trouble) {
        ready.thenRun(() -> {
            if (session().isPresent()) {
                return; // it does not need the rendezvous, and the next invitation says what there is then
            }
            invite();
            if (!trouble.isEmpty()) {
                listener.onTrouble(trouble);
            }
        });
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
        Optional<Guest> before = Optional.empty();
        Guest accepted = new Guest(visitor, join.name());
        Admission admission;
        synchronized (this) {
            admission = isBusy() ? Admission.busy() : Admission.of(gate.check(join.code()));
            if (admission instanceof Admission.Admitted) {
                before = Optional.ofNullable(guest);
                guest = accepted;
            }
        }
        if (admission instanceof Admission.Refused refused) {
            visitor.sendLast(refused.because());
            if (refused.codeReplaced()) {
                LOG.info("three wrong codes: there is a new one");
                Thread.startVirtualThread(this::invite);
            }
            return;
        }
        before.ifPresent(silent -> Thread.startVirtualThread(
                () -> dismiss(silent, "Somebody else has connected to this screen while you were silent.")));
        Thread.startVirtualThread(() -> ask(accepted));
    }

    /// A viewer who has fallen silent does not keep out the next one. Holds the lock.
    private boolean isBusy() {
        Guest present = guest;
        return closed || present != null && (present.session == null || present.session.state() != HostState.SILENT);
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
        HostPaths paths = new HostPaths(link, asking.visitor, doors::isNeeded);
        HostSession session = new HostSession(
                options.config().withControl(control && options.config().control()),
                devices,
                link,
                new Reports(asking),
                paths);
        synchronized (this) {
            if (guest != asking) {
                session.stop("The viewer has gone.");
                return;
            }
            asking.paths = paths;
            asking.session = session;
        }
        paths.begin(session);
    }

    /// What a viewer says who has been let in.
    private void hear(Door.Visitor visitor, SignalMessage message) {
        HostPaths paths;
        HostSession session;
        synchronized (this) {
            Guest present = guest;
            paths = present == null ? null : present.paths;
            session = present == null ? null : present.session;
        }
        if (paths == null || session == null || !paths.isOf(visitor)) {
            visitor.close();
        } else if (message instanceof SignalMessage.Bye) {
            session.lost("The viewer has disconnected.");
        } else {
            PathSignals.fromSignal(message).ifPresent(paths::onRemote);
        }
    }

    private void rejoin(Door.Visitor visitor, String ticket) {
        HostPaths paths;
        synchronized (this) {
            paths = guest == null ? null : guest.paths;
        }
        if (paths == null || !paths.rejoin(visitor, ticket)) {
            visitor.sendLast(Refusal.OVER.because("The session is over; connecting again takes a new code."));
        }
    }

    private void gone(Door.Visitor visitor) {
        Guest asking;
        HostPaths paths;
        synchronized (this) {
            Guest present = guest;
            paths = present == null ? null : present.paths;
            asking = present != null && present.session == null && present.visitor == visitor ? present : null;
            if (asking != null) {
                guest = null;
            }
        }
        if (asking != null) {
            Thread.startVirtualThread(() -> {
                cancelQuestion(asking);
                invite();
            });
        } else if (paths != null && paths.gone(visitor)) {
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
        HostPaths paths = left.paths;
        if (paths == null) {
            left.visitor.close();
        } else {
            paths.farewell(reason);
        }
        if (inviting) {
            invite();
        }
    }

    private final class Entrance implements Door {
        @Override
        public void onMessage(Visitor visitor, SignalMessage message) {
            switch (message) {
                case SignalMessage.Join join -> join(visitor, join);
                case SignalMessage.Rejoin rejoin -> rejoin(visitor, rejoin.ticket());
                case SignalMessage.Answer _, SignalMessage.Candidate _, SignalMessage.Restart _, SignalMessage.Bye _ ->
                    hear(visitor, message);
                case SignalMessage.Asking _, SignalMessage.Refused _, SignalMessage.Offer _, SignalMessage.Rejoined _ ->
                    visitor.close();
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
                if (state == HostState.SILENT) {
                    invite(); // somebody else may come instead
                }
            }
        }

        @Override
        public void onControl(boolean allowed, String reason) {
            listener.onControl(allowed, reason);
        }
    }
}
