package dev.nearhand.app.signaling;

import dev.nearhand.app.json.Decoded;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A host's registration at a rendezvous: its visitors there come to the same [Door] as those of its own listener.
///
/// Registers again by itself whenever the connection is lost, under the same number as long as the rendezvous lets it;
/// nobody has to notice. Any thread; nothing waits.
public final class RendezvousClient implements AutoCloseable {
    /// More visitors at a time are sent away.
    static final int VISITS_LIMIT = 32;

    private static final Logger LOG = LoggerFactory.getLogger(RendezvousClient.class);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    private static final long FIRST_RETRY_MILLIS = 500;
    private static final long LONGEST_RETRY_MILLIS = 10_000;
    /// A rendezvous says something more often than this.
    private static final long SILENT_MILLIS = 60_000;
    private static final long ANSWER_LIMIT_MILLIS = 1_500;
    private static final String OUT_OF_REACH =
            "The rendezvous at %s is out of reach; trying again and again. Check that"
                    + " nearhand rendezvous runs there, and that no firewall blocks the way.";

    /// Told how the registration stands, on threads of the client.
    public interface Events {
        /// Viewers find this host under `number` from now on.
        void onRegistered(String number);

        /// The rendezvous is out of reach; it is tried again all the time.
        ///
        /// @param reason a sentence for a person; told once until it is reached again
        void onLost(String reason);
    }

    private final RendezvousAddress address;
    private final Door door;
    private final Events events;
    private final String key = secret();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("nearhand-rendezvous").factory());

    // guarded by this, from here on
    private String number = "";
    private @Nullable Registration registration;
    private long retryMillis = FIRST_RETRY_MILLIS;
    private boolean hurried;
    private boolean lossTold;
    private boolean closed;

    private RendezvousClient(RendezvousAddress address, Door door, Events events) {
        this.address = address;
        this.door = door;
        this.events = events;
    }

    /// Begins to register; everything else comes through `door` and `events`.
    public static RendezvousClient register(RendezvousAddress address, Door door, Events events) {
        RendezvousClient client = new RendezvousClient(address, door, events);
        client.open();
        client.clock.scheduleWithFixedDelay(
                client::closeSilent, SILENT_MILLIS, SILENT_MILLIS / 2, TimeUnit.MILLISECONDS);
        return client;
    }

    /// The network of this machine may have changed: a connection that does not answer at once is made anew, and one
    /// that is lost is tried for often until [#relax].
    public void hurry() {
        Registration present;
        synchronized (this) {
            hurried = true;
            retryMillis = FIRST_RETRY_MILLIS;
            present = registration;
        }
        if (present != null) {
            present.check();
        } else {
            open();
        }
    }

    /// There is no hurry any more.
    public synchronized void relax() {
        hurried = false;
    }

    @Override
    public void close() {
        Registration present;
        synchronized (this) {
            closed = true;
            present = registration;
            registration = null;
        }
        clock.shutdownNow();
        if (present != null) {
            present.end();
        }
    }

    private void open() {
        synchronized (this) {
            if (closed || registration != null) {
                return;
            }
            Registration made = new Registration();
            registration = made;
            made.socket = MessageSocket.connect(address.register(), RelayMessage.CODEC, CONNECT_LIMIT, made);
        }
    }

    private void closeSilent() {
        Registration present;
        synchronized (this) {
            present = registration;
        }
        if (present != null && present.silentMillis() > SILENT_MILLIS) {
            present.check();
        }
    }

    /// This registration is over; there will be another one.
    private void lost(Registration over, String reason) {
        boolean tell;
        synchronized (this) {
            if (registration != over) {
                return;
            }
            registration = null;
            tell = !lossTold && !closed;
            lossTold = true;
            later(this::open, retryMillis);
            retryMillis = hurried ? FIRST_RETRY_MILLIS : Math.min(LONGEST_RETRY_MILLIS, 2 * retryMillis);
        }
        over.end();
        if (tell) {
            LOG.info("the rendezvous is out of reach");
            events.onLost(reason);
        }
    }

    private void registered(Registration by, String under) {
        synchronized (this) {
            if (registration != by) {
                return;
            }
            number = under;
            retryMillis = FIRST_RETRY_MILLIS;
            lossTold = false;
        }
        LOG.info("registered at the rendezvous");
        events.onRegistered(under);
    }

    private void later(Runnable task, long millis) {
        try {
            clock.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            // closed
        }
    }

    /// 128 bits, as text.
    private static String secret() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// One WebSocket to the rendezvous, and the visitors that came along it.
    private final class Registration implements MessageSocket.Events<RelayMessage> {
        private final Map<Long, Visit> visits = new HashMap<>();
        private volatile @Nullable MessageSocket<RelayMessage> socket;
        private volatile long heardNanos = System.nanoTime();

        long silentMillis() {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heardNanos);
        }

        /// Whether it still answers; if not, it is given up.
        void check() {
            long asked = System.nanoTime();
            MessageSocket<RelayMessage> open = socket;
            if (open != null) {
                open.ping();
            }
            later(
                    () -> {
                        if (heardNanos - asked < 0) {
                            lost(this, OUT_OF_REACH.formatted(address));
                        }
                    },
                    ANSWER_LIMIT_MILLIS);
        }

        void end() {
            MessageSocket<RelayMessage> open = socket;
            if (open != null) {
                open.close();
            }
            List<Visit> left;
            synchronized (visits) {
                left = List.copyOf(visits.values());
                visits.clear();
            }
            left.forEach(door::onGone);
        }

        void send(RelayMessage message) {
            MessageSocket<RelayMessage> open = socket;
            if (open != null) {
                open.send(message);
            }
        }

        @Override
        public void onOpen() {
            String before;
            synchronized (RendezvousClient.this) { // also: the socket is set when this can be had
                before = number;
            }
            send(new RelayMessage.Register(RelayMessage.VERSION, before, key));
        }

        @Override
        public void onHeard() {
            heardNanos = System.nanoTime();
        }

        @Override
        public void onClosed(String reason) {
            lost(this, OUT_OF_REACH.formatted(address));
        }

        @Override
        public void onMessage(RelayMessage message) {
            switch (message) {
                case RelayMessage.Registered(String under) -> registered(this, under);
                case RelayMessage.Rejected(String why) -> lost(this, why);
                case RelayMessage.Arrived(long visit) -> arrived(visit);
                case RelayMessage.From(long visit, String text) -> {
                    Visit present = visit(visit);
                    if (present != null) {
                        receive(present, text);
                    }
                }
                case RelayMessage.Left(long visit) -> {
                    Visit gone = remove(visit);
                    if (gone != null) {
                        door.onGone(gone);
                    }
                }
                case RelayMessage.Register _, RelayMessage.To _, RelayMessage.Dismiss _ -> {}
            }
        }

        private void arrived(long visit) {
            synchronized (visits) {
                if (visits.size() < VISITS_LIMIT) {
                    visits.put(visit, new Visit(this, visit));
                    return;
                }
            }
            send(new RelayMessage.Dismiss(visit));
        }

        private void receive(Visit from, String text) {
            switch (SignalMessage.CODEC.decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))) {
                case Decoded.Message<SignalMessage>(SignalMessage message) -> door.onMessage(from, message);
                case Decoded.Unknown<SignalMessage> _ -> {}
                case Decoded.Malformed<SignalMessage> malformed -> {
                    LOG.info("dismissed a visitor whose message is {}", malformed.reason());
                    from.close();
                }
            }
        }

        private @Nullable Visit visit(long number) {
            synchronized (visits) {
                return visits.get(number);
            }
        }

        private @Nullable Visit remove(long number) {
            synchronized (visits) {
                return visits.remove(number);
            }
        }
    }

    /// One viewer at the rendezvous.
    private record Visit(Registration along, long number) implements Door.Visitor {
        @Override
        public void send(SignalMessage message) {
            along.send(new RelayMessage.To(number, SignalMessage.CODEC.encode(message), false));
        }

        @Override
        public void sendLast(SignalMessage message) {
            along.send(new RelayMessage.To(number, SignalMessage.CODEC.encode(message), true));
        }

        @Override
        public void close() {
            along.send(new RelayMessage.Dismiss(number));
        }

        @Override
        public boolean fromThisMachine() {
            return false; // nobody can say
        }

        @Override
        public String toString() {
            return "Visit[" + number + "]";
        }
    }
}
