package dev.nearhand.app.connect;

import dev.nearhand.app.session.AnsweringLink;
import dev.nearhand.app.session.PathListener;
import dev.nearhand.app.session.PathMessage;
import dev.nearhand.app.session.PeerLink;
import dev.nearhand.app.session.ViewerSession;
import dev.nearhand.app.session.ViewerState;
import dev.nearhand.app.session.Words;
import dev.nearhand.app.signaling.Endpoint;
import dev.nearhand.app.signaling.MessageSocket;
import dev.nearhand.app.signaling.Refusal;
import dev.nearhand.app.signaling.SignalMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The viewer's part in connecting a session, and in connecting it again. Any thread; nothing waits.
///
/// While the connection works, what is new goes through it. When it does not, or may not because this machine has come
/// to another network, the viewer goes back to where it met the host, shows the ticket that the host gave it, tells its
/// candidates and asks for another offer: until something comes through the connection again. Nobody is asked anything.
final class ViewerPaths implements PathListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ViewerPaths.class);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    /// How long a connection that says it works may take to show it.
    private static final long PROOF_MILLIS = 300;
    private static final long RETRY_MILLIS = 500;
    private static final long RESTART_EVERY_MILLIS = 3_000;
    private static final long WELCOME_LIMIT_MILLIS = 3_000;
    /// The newest are kept: those of the present networks.
    private static final int LATE_LIMIT = 64;

    private final Endpoint endpoint;
    private final AnsweringLink link;
    /// Wakes the recovery.
    private final Semaphore changes = new Semaphore(0);

    // guarded by this, from here on
    private @Nullable ViewerSession session;
    private @Nullable MessageSocket<SignalMessage> first;
    private @Nullable Return returning;
    private final List<PathMessage.Candidate> late = new ArrayList<>();
    private String ticket = "";
    private PeerLink.State state = PeerLink.State.CONNECTING;
    private long troubleNanos;
    private boolean recovering;
    private boolean closed;

    /// @param first by which the first offer came
    ViewerPaths(Endpoint endpoint, AnsweringLink link, MessageSocket<SignalMessage> first) {
        this.endpoint = endpoint;
        this.link = link;
        this.first = first;
    }

    /// Answers the first offer for this session.
    void begin(ViewerSession begun, String offer) {
        synchronized (this) {
            session = begun;
        }
        link.answer(offer).whenComplete((sdp, failure) -> {
            if (failure == null) {
                tell(new PathMessage.Answer(sdp));
            } else {
                LOG.warn("the offer was not taken", failure);
                begun.stop("The other machine's offer cannot be understood; both sides need the same version.");
            }
        });
    }

    /// Ends all attempts; tells the host if it can be told.
    @Override
    public void close() {
        MessageSocket<SignalMessage> open;
        Return present;
        synchronized (this) {
            closed = true;
            open = first;
            present = returning;
            first = null;
            returning = null;
        }
        changes.release();
        if (open != null) {
            open.close();
        }
        if (present != null) {
            present.send(new SignalMessage.Bye(""));
            present.close();
        }
    }

    @Override
    public void onLocal(PathMessage.Candidate candidate) {
        boolean early;
        synchronized (this) {
            early = ticket.isEmpty();
            if (!early) {
                if (late.size() == LATE_LIMIT) {
                    late.removeFirst();
                }
                late.add(candidate);
            }
        }
        tell(candidate);
        if (!early && !candidate.candidate().isEmpty()) {
            trouble(); // perhaps: this machine has come to another network
        }
    }

    @Override
    public void onRemote(PathMessage message) {
        switch (message) {
            case PathMessage.Offer(String sdp) ->
                link.answer(sdp).whenComplete((answer, failure) -> {
                    if (failure == null) {
                        tell(new PathMessage.Answer(answer));
                    } else {
                        LOG.warn("the offer was not taken", failure);
                    }
                });
            case PathMessage.Candidate candidate -> link.addCandidate(candidate);
            case PathMessage.Answer _, PathMessage.Restart _ -> {}
        }
    }

    @Override
    public void onLink(PeerLink.State now) {
        synchronized (this) {
            state = now;
        }
        changes.release();
        switch (now) {
            case DISCONNECTED, FAILED -> trouble();
            case CLOSED -> close();
            case CONNECTING, CONNECTED -> {}
        }
    }

    @Override
    public void onTicket(String given) {
        MessageSocket<SignalMessage> open;
        synchronized (this) {
            ticket = given;
            open = first;
            first = null;
        }
        if (open != null) {
            open.close(); // it has done its work
        }
    }

    /// By every way that is open: what arrives twice does no harm.
    private void tell(PathMessage message) {
        MessageSocket<SignalMessage> open;
        Return present;
        ViewerSession through;
        synchronized (this) {
            open = first;
            present = returning;
            through = ticket.isEmpty() ? null : session;
        }
        if (open != null) {
            open.send(PathSignals.toSignal(message));
        }
        if (present != null && present.welcome) {
            present.send(PathSignals.toSignal(message));
        }
        if (through != null) {
            through.sendPath(message);
        }
    }

    private void trouble() {
        synchronized (this) {
            troubleNanos = System.nanoTime();
            if (recovering || closed || ticket.isEmpty()) {
                return;
            }
            recovering = true;
        }
        Thread.ofVirtual().name("nearhand-reconnect").start(this::recover);
    }

    private void recover() {
        try {
            Objects.requireNonNull(session).probe();
            pause(isConnected() ? PROOF_MILLIS : 0);
            while (isNeeded()) {
                attempt();
                pause(RETRY_MILLIS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Goes back to the host once, until that is not needed any more or the WebSocket is gone.
    private void attempt() throws InterruptedException {
        Return present = new Return();
        synchronized (this) {
            returning = present;
        }
        present.open();
        long began = System.nanoTime();
        long restarted = 0;
        List<PathMessage.Candidate> told = List.of();
        while (isStillNeeded(present)) {
            if (!present.welcome) {
                if (millisSince(began) > CONNECT_LIMIT.toMillis() + WELCOME_LIMIT_MILLIS) {
                    break;
                }
            } else {
                if (told.isEmpty()) {
                    told = late();
                    told.forEach(candidate -> present.send(PathSignals.toSignal(candidate)));
                }
                if (restarted == 0 || millisSince(restarted) > RESTART_EVERY_MILLIS) {
                    restarted = System.nanoTime();
                    present.send(new SignalMessage.Restart());
                }
                Objects.requireNonNull(session).probe();
            }
            pause(PROOF_MILLIS);
        }
        boolean taken;
        synchronized (this) {
            taken = returning != present; // by close(), which has a last word to say through it
            if (!taken) {
                returning = null;
            }
        }
        if (!taken) {
            present.close();
        }
    }

    private synchronized List<PathMessage.Candidate> late() {
        return List.copyOf(late);
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    private synchronized boolean isConnected() {
        return state == PeerLink.State.CONNECTED;
    }

    /// Until something has come through the connection after the trouble began. Ends the recovery when it is not.
    private synchronized boolean isNeeded() {
        boolean works = state == PeerLink.State.CONNECTED
                && Objects.requireNonNull(session).heardNanos() - troubleNanos > 0;
        if (closed || works || Objects.requireNonNull(session).state() == ViewerState.ENDED) {
            recovering = false;
            late.clear();
            return false;
        }
        return true;
    }

    private synchronized boolean isStillNeeded(Return present) {
        return !closed
                && !present.over
                && !(state == PeerLink.State.CONNECTED
                        && Objects.requireNonNull(session).heardNanos() - troubleNanos > 0);
    }

    /// Or until something has changed.
    private void pause(long millis) throws InterruptedException {
        if (changes.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
            changes.drainPermits();
        }
    }

    private void over(String sentence) {
        Objects.requireNonNull(session).lost(sentence);
    }

    /// One way back to the host by the signaling.
    private final class Return implements MessageSocket.Events<SignalMessage> {
        private volatile @Nullable MessageSocket<SignalMessage> socket;
        volatile boolean welcome;
        volatile boolean over;

        void open() {
            synchronized (this) {
                socket = MessageSocket.connect(endpoint, SignalMessage.CODEC, CONNECT_LIMIT, this);
            }
        }

        void send(SignalMessage message) {
            MessageSocket<SignalMessage> open = socket;
            if (open != null) {
                open.send(message);
            }
        }

        void close() {
            MessageSocket<SignalMessage> open = socket;
            if (open != null) {
                open.close();
            }
        }

        @Override
        public void onOpen() {
            String shown;
            synchronized (ViewerPaths.this) {
                shown = ticket;
            }
            synchronized (this) { // the socket is set when this can be had
                send(new SignalMessage.Rejoin(SignalMessage.VERSION, shown));
            }
        }

        @Override
        public void onMessage(SignalMessage message) {
            switch (message) {
                case SignalMessage.Rejoined() -> {
                    welcome = true;
                    changes.release();
                }
                case SignalMessage.Bye(String reason) -> over(Words.plain(reason, 300));
                case SignalMessage.Refused refused -> {
                    if (Refusal.OVER.isCauseOf(refused)) {
                        over(Words.plain(refused.message(), 300));
                    }
                    onClosed("");
                }
                case SignalMessage.Offer _,
                        SignalMessage.Answer _,
                        SignalMessage.Candidate _,
                        SignalMessage.Restart _,
                        SignalMessage.Join _,
                        SignalMessage.Asking _,
                        SignalMessage.Rejoin _ ->
                    PathSignals.fromSignal(message).ifPresent(ViewerPaths.this::onRemote);
            }
        }

        @Override
        public void onClosed(String reason) {
            over = true;
            changes.release();
        }
    }
}
