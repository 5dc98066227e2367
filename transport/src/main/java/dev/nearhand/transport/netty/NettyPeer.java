package dev.nearhand.transport.netty;

import dev.nearhand.transport.dns.DnsQuestion;
import dev.nearhand.transport.dns.DnsRecord;
import dev.nearhand.transport.driver.CoreDriver;
import dev.nearhand.transport.peer.PeerCore;
import dev.nearhand.transport.peer.PeerEvent;
import dev.nearhand.transport.time.SharedTick;
import dev.nearhand.transport.turn.ServerCandidate;
import dev.nearhand.transport.wire.Path;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one [PeerCore] on an event loop: its sockets, its timer, and the way in for other threads.
///
/// Public methods may be called from any thread; everything else, the listener included, happens on the loop.
/// It decides nothing about protocols.
public final class NettyPeer {
    /// Told on the loop what the core reports.
    public interface Listener {
        void onEvent(PeerEvent event, PeerCore core);

        /// The core has come to rest after a change: figures that follow it can be read.
        void onQuiet(PeerCore core, long nowNanos);

        /// This machine has come to networks, or left some; what follows from it for the connection has been done.
        void onNetworkChange(int added, int gone);

        /// The core threw: a bug of ours. The connection has been given up.
        void onBug(Throwable bug);
    }

    private static final Logger LOG = LoggerFactory.getLogger(NettyPeer.class);

    /// The clocks of all connections begin a whole number of ticks after it; another program's does at other times.
    private static final long EPOCH_NANOS =
            System.nanoTime() - ThreadLocalRandom.current().nextLong(SharedTick.NANOS);

    private final EventLoop loop;
    private final LoopCalls calls;
    private final PostedChanges posted;
    private final long startNanos = startNanos(System.nanoTime());
    private final Listener listener;
    private final PeerCore core;
    private final CoreDriver<PeerEvent> driver;
    private final IceStreams iceStreams;
    private final Sockets sockets;
    private final LocalPorts ports;
    private final Names names;
    private final LoopTimer timer;
    private final CompletableFuture<Boolean> gathered = new CompletableFuture<>();
    private final AtomicBoolean wakeUpPosted = new AtomicBoolean();
    private boolean released;
    private int depth;

    /// @param coreOnWakeUp makes the core; it is given what another thread calls when a child of the core has something
    ///     to say
    public NettyPeer(Function<Runnable, PeerCore> coreOnWakeUp, Listener listener) {
        this(coreOnWakeUp, listener, null, null);
    }

    /// @param toShare a port that it is to [#share], and on whose loop it lives; null for none
    /// @param proxy for connections to servers; null for none
    public NettyPeer(
            Function<Runnable, PeerCore> coreOnWakeUp,
            Listener listener,
            @Nullable SharedUdpPort toShare,
            @Nullable ProxyServer proxy) {
        this.loop = toShare == null ? EventLoops.next() : toShare.loop();
        this.calls = LoopCalls.of(loop);
        this.posted = new PostedChanges(calls, this::makeAll);
        this.iceStreams = new IceStreams(loop, new PortReceiver());
        this.sockets = new Sockets(loop, iceStreams, proxy);
        this.names = new Names(loop, new NameListener(), NameServers.system());
        this.timer = new LoopTimer(loop, this::now, this::onTimer);
        this.listener = listener;
        this.core = coreOnWakeUp.apply(this::wakeUp);
        this.driver = new CoreDriver<>(core, new LoopPort());
        this.ports = new LocalPorts(sockets, iceStreams, core, new PortReceiver(), new PortSteps());
    }

    /// Has TCP connections accepted at each address that is opened from now on. Before other threads know this peer.
    public void acceptTcp() {
        ports.acceptTcp();
    }

    /// Opens one socket for each of these addresses and makes host candidates of them.
    ///
    /// @return how many sockets are open; 0 when none could be
    public int open(List<InetAddress> addresses) {
        return call((_, now) -> ports.open(addresses, now));
    }

    /// Makes a host candidate of a port that is shared with other connections.
    ///
    /// @return how many sockets are open; 0 when the port is closed, or full
    public int share(SharedUdpPort shared) {
        return call((_, now) -> ports.share(shared, now));
    }

    /// Opens one socket for each usable address of this machine, and from then on for each that is added, and closes
    /// those whose address is gone.
    ///
    /// @param source the addresses there are at the time of the call, or null for those of the system's interfaces
    /// @param loopback whether loopback addresses are used, too; they are in any case when there are no others now
    /// @return how many sockets are open; 0 when none could be
    public int follow(@Nullable Supplier<List<InetAddress>> source, boolean loopback) {
        AddressWatch followed = source == null ? AddressWatch.SYSTEM : new AddressWatch(source);
        List<InetAddress> present = followed.look();
        return call((_, now) -> ports.follow(followed, present, loopback, now));
    }

    /// Runs a change of the core on the loop and waits for its result; inside a callback it runs at once.
    ///
    /// What `change` throws is thrown here.
    public <T> T call(BiFunction<PeerCore, Long, T> change) {
        try {
            return LoopCalls.join(submit(change));
        } catch (CompletionException failure) {
            switch (failure.getCause()) {
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                case null, default -> throw failure;
            }
        }
    }

    /// Runs a change of the core on the loop, at once when called on it. The result is there after all that follows
    /// from the change has been delivered and sent.
    public <T> CompletableFuture<T> submit(BiFunction<PeerCore, Long, T> change) {
        if (loop.inEventLoop()) {
            return change(change);
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        calls.ask(() -> change(change).whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        }));
        return result;
    }

    /// Runs a change of the core on the loop, at once when called on it, without telling when it is done: many of them
    /// are done in one turn. What it throws is the caller's fault, and is dropped.
    public void post(ObjLongConsumer<PeerCore> change) {
        if (loop.inEventLoop()) {
            makeAll(List.of(() -> change.accept(core, now())));
        } else {
            posted.post(() -> change.accept(core, now()));
        }
    }

    private void makeAll(List<Runnable> changes) {
        step(() -> {
            for (Runnable change : changes) {
                try {
                    change.run();
                } catch (RuntimeException callersFault) {
                    LOG.debug("a change of a connection was refused", callersFault);
                }
            }
        });
    }

    private <T> CompletableFuture<T> change(BiFunction<PeerCore, Long, T> change) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        guarded(() -> driver.run(now(), () -> {
            try {
                outcome.complete(change.apply(core, now()));
            } catch (RuntimeException callersFault) {
                outcome.completeExceptionally(callersFault);
            }
        }));
        settle();
        if (!outcome.isDone()) {
            outcome.completeExceptionally(
                    new IllegalStateException("the connection was given up after an error inside"));
        }
        return outcome;
    }

    /// Runs `task` on the loop, after what is queued there. All that it changes is one change: what follows is
    /// delivered and sent when it has returned, so that a thousand channels opened in it share packets.
    public void execute(Runnable task) {
        calls.ask(() -> step(() -> {
            try {
                task.run();
            } catch (RuntimeException | AssertionError callersFault) {
                LOG.error("a task of a connection failed", callersFault);
            }
        }));
    }

    /// Done when a description written now holds all candidates that are worth waiting for, or the connection has
    /// ended.
    public CompletableFuture<Boolean> gathered() {
        return gathered;
    }

    public boolean inLoop() {
        return loop.inEventLoop();
    }

    /// Whether this thread carries connections, this one or others, which must not be kept waiting.
    public static boolean inAnyLoop() {
        return EventLoops.current() != null;
    }

    /// What the sockets have carried. On the loop only.
    public NetworkStats networkStats() {
        return sockets.stats();
    }

    /// What has become of what was asked about published names, of all connections together; empty where this one has
    /// published none. On the loop only.
    public Map<String, Long> nameCounters() {
        return names.counters();
    }

    /// Connections to TURN servers that the proxy has not made. On the loop only.
    public long proxyFailures() {
        return sockets.proxyFailures();
    }

    private void wakeUp() {
        // many records wake the loop once
        if (wakeUpPosted.compareAndSet(false, true)) {
            loop.execute(() -> {
                wakeUpPosted.set(false);
                guarded(() -> driver.run(now(), () -> core.handleWakeUp(now())));
                settle();
            });
        }
    }

    private static long startNanos(long clockNanos) {
        return clockNanos - (clockNanos - EPOCH_NANOS) % SharedTick.NANOS;
    }

    private long now() {
        return System.nanoTime() - startNanos;
    }

    /// An exception inside a core is a bug of ours: it ends this connection, never the loop that others share.
    private void guarded(Runnable step) {
        if (depth > 0 || released) {
            step.run(); // inside a callback the outer step sees to the rest; a released core answers that it is closed
            return;
        }
        depth++;
        try {
            step.run();
        } catch (RuntimeException | AssertionError bug) {
            giveUp(bug);
        } finally {
            depth--;
        }
    }

    /// What follows a step, or a burst of datagrams.
    private void settle() {
        if (depth > 0 || released) {
            return;
        }
        guarded(() -> {
            listener.onQuiet(core, now());
            sockets.identify(core.localUfrags());
            sockets.flush();
        });
        if (core.isGathered()) {
            gathered.complete(true);
        }
        if (core.isReleasable()) {
            release();
        }
    }

    private void giveUp(Throwable bug) {
        LOG.error("the connection is given up after a bug", bug);
        release();
        listener.onBug(bug);
    }

    private void release() {
        if (released) {
            return;
        }
        released = true;
        gathered.complete(false);
        sockets.closeAll();
        timer.cancel();
        ports.leave();
        names.close();
    }

    private void onTimer(long nowNanos) {
        if (!released) {
            guarded(() -> driver.onTimer(nowNanos));
            settle();
        }
    }

    private void onBurstEnd() {
        if (!released) {
            guarded(() -> driver.onBurstEnd(now()));
            settle();
        }
    }

    private void step(Runnable change) {
        guarded(() -> driver.run(now(), change));
        settle();
    }

    private final class LoopPort implements CoreDriver.Port<PeerEvent> {
        @Override
        public void send(ByteBuffer borrowed, Path path) {
            sockets.send(borrowed, path);
        }

        @Override
        public void onEvent(PeerEvent event) {
            if (event instanceof PeerEvent.ResolveHost(String hostName)) {
                names.resolveHost(hostName);
            } else if (event instanceof PeerEvent.ResolveServer(String hostName)) {
                names.resolveServer(hostName);
            } else if (event instanceof PeerEvent.ResolveService(DnsQuestion question)) {
                names.resolveService(question);
            } else if (event instanceof PeerEvent.DiscoverServers) {
                if (!released) {
                    names.discover();
                }
            } else if (event instanceof PeerEvent.PublishHost(String hostName, InetAddress address)) {
                if (!released) {
                    names.publish(hostName, address);
                }
            } else if (event instanceof PeerEvent.WithdrawHost(String hostName)) {
                names.withdraw(hostName);
            } else if (event instanceof PeerEvent.OpenStream wanted) {
                if (!released) {
                    sockets.open(wanted, new StreamReceiver(wanted));
                }
            } else {
                listener.onEvent(event, core);
            }
        }

        @Override
        public void wakeAt(long atNanos) {
            timer.wakeAt(atNanos);
        }
    }

    private final class PortSteps implements LocalPorts.Steps {
        @Override
        public void later(Runnable change) {
            loop.execute(() -> run(change));
        }

        @Override
        public void run(Runnable change) {
            if (!released) {
                step(change);
            }
        }

        @Override
        public long now() {
            return NettyPeer.this.now();
        }

        @Override
        public void onNetworkChange(int added, int gone) {
            listener.onNetworkChange(added, gone);
        }
    }

    private final class NameListener implements Names.Listener {
        @Override
        public void onHost(String hostName, InetAddress address) {
            step(() -> core.addResolved(now(), hostName, address));
        }

        @Override
        public void onServer(String hostName, List<InetAddress> addresses) {
            step(() -> core.serverResolved(now(), hostName, addresses));
        }

        @Override
        public void onService(DnsQuestion question, List<DnsRecord> records) {
            step(() -> core.serviceResolved(now(), question, records));
        }

        @Override
        public void onAnnounced(ServerCandidate way) {
            step(() -> core.serverAnnounced(now(), way));
        }

        @Override
        public void onDomain(String name) {
            step(() -> core.domainKnown(now(), name));
        }

        @Override
        public void onDiscoveryEnd() {
            step(() -> core.discoveryEnded(now()));
        }
    }

    private final class PortReceiver implements UdpPort.Receiver, IceStreams.Receiver {
        @Override
        public boolean isKnown(Path path) {
            return core.isKnownPath(path);
        }

        @Override
        public void onLost(Path path) {
            if (!released) {
                step(() -> core.connectionLost(now(), path));
            }
        }

        @Override
        public void onDatagram(ByteBuffer borrowed, Path path) {
            if (released) {
                return;
            }
            guarded(() -> driver.onDatagramOfBurst(now(), borrowed, path));
        }

        @Override
        public void onReadComplete() {
            onBurstEnd();
        }
    }

    private final class StreamReceiver implements StreamPort.Receiver {
        private final PeerEvent.OpenStream wanted;

        StreamReceiver(PeerEvent.OpenStream wanted) {
            this.wanted = wanted;
        }

        @Override
        public void onOpened(StreamPort port) {
            Path path = port.path();
            if (released || path == null || sockets.isUdpPort(path.local())) {
                port.close(); // a UDP port of the same number: which of them is meant could not be told
                return;
            }
            step(() -> core.streamOpened(now(), wanted.stream(), path));
        }

        @Override
        public void onMessage(ByteBuffer borrowed, Path path) {
            if (!released) {
                guarded(() -> driver.onDatagramOfBurst(now(), borrowed, path));
            }
        }

        @Override
        public void onReadComplete() {
            onBurstEnd();
        }

        @Override
        public void onProxyFailed(ProxyFailure why) {
            if (!released) {
                sockets.proxyFailed(why);
            }
        }

        @Override
        public void onClosed() {
            if (!released) {
                sockets.closed(wanted.stream());
                step(() -> core.streamClosed(now(), wanted.stream()));
            }
        }
    }
}
