package dev.nearhand.transport.netty;

import dev.nearhand.transport.driver.CoreDriver;
import dev.nearhand.transport.netty.UdpPort.OpenFailure;
import dev.nearhand.transport.peer.PeerCore;
import dev.nearhand.transport.peer.PeerEvent;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Path;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
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

        /// The core threw: a bug of ours. The connection has been given up.
        void onBug(Throwable bug);
    }

    private static final Logger LOG = LoggerFactory.getLogger(NettyPeer.class);
    private static final NetworkStats NOTHING = new NetworkStats(0, 0, 0, 0, 0, 0);

    private final EventLoop loop = EventLoops.next();
    private final long startNanos = System.nanoTime();
    private final Listener listener;
    private final PeerCore core;
    private final CoreDriver<PeerEvent> driver;
    private final Map<InetSocketAddress, UdpPort> ports = new HashMap<>();
    private final Map<Integer, StreamPort> streams = new HashMap<>();
    private final CompletableFuture<Boolean> gathered = new CompletableFuture<>();
    private final AtomicBoolean wakeUpPosted = new AtomicBoolean();
    private NetworkStats finalStats = NOTHING;
    private @Nullable MdnsLookup lookup;
    private @Nullable Future<?> timer;
    private long timerNanos = TimerTable.NEVER;
    private long wantedNanos = TimerTable.NEVER;
    private boolean released;
    private int depth;

    /// @param coreOnWakeUp makes the core; it is given what another thread calls when a child of the core has something
    ///     to say
    public NettyPeer(Function<Runnable, PeerCore> coreOnWakeUp, Listener listener) {
        this.listener = listener;
        this.core = coreOnWakeUp.apply(this::wakeUp);
        this.driver = new CoreDriver<>(core, new LoopPort());
    }

    /// Opens one socket for each local address and makes host candidates of them.
    ///
    /// @param addresses the addresses to bind; empty means all usable ones
    /// @return how many sockets are open; 0 when none could be
    public int open(List<InetAddress> addresses, boolean loopback) {
        return call((peer, now) -> {
            try {
                List<InetAddress> wanted = addresses.isEmpty() ? LocalAddresses.usable(loopback) : addresses;
                int preference = 65_535;
                for (InetAddress address : wanted) {
                    openPort(address, preference--, now);
                }
            } catch (OpenFailure failure) {
                LOG.warn("no interfaces: {}", failure.getMessage());
            }
            return ports.size();
        });
    }

    private void openPort(InetAddress address, int preference, long now) {
        try {
            UdpPort port = UdpPort.open(loop, address, new PortReceiver());
            ports.put(port.local(), port);
            core.addLocalAddress(now, port.local(), preference);
        } catch (OpenFailure failure) {
            // an address that cannot be bound (tentative IPv6, an interface on its way down) is no candidate
            LOG.debug("one address is left out: {}", failure.getMessage());
        }
    }

    /// Runs a change of the core on the loop and waits for its result; inside a callback it runs at once.
    ///
    /// What `change` throws is thrown here.
    public <T> T call(BiFunction<PeerCore, Long, T> change) {
        try {
            return submit(change).join();
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
        CompletableFuture<T> result = new CompletableFuture<>();
        if (loop.inEventLoop()) {
            change(change, result);
        } else {
            loop.execute(() -> change(change, result));
        }
        return result;
    }

    private <T> void change(BiFunction<PeerCore, Long, T> change, CompletableFuture<T> result) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        guarded(() -> driver.run(now(), () -> {
            try {
                outcome.complete(change.apply(core, now()));
            } catch (RuntimeException callersFault) {
                outcome.completeExceptionally(callersFault);
            }
        }));
        settle();
        outcome.completeExceptionally(new IllegalStateException("the connection was given up after an error inside"));
        outcome.whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        });
    }

    /// Runs `task` on the loop, after what is queued there.
    public void execute(Runnable task) {
        loop.execute(task);
    }

    /// Done when a description written now holds all candidates that are worth waiting for, or the connection has
    /// ended.
    public CompletableFuture<Boolean> gathered() {
        return gathered;
    }

    public boolean inLoop() {
        return loop.inEventLoop();
    }

    /// What the sockets have carried. On the loop only.
    public NetworkStats networkStats() {
        return released ? finalStats : sumOfPorts();
    }

    private NetworkStats sumOfPorts() {
        NetworkStats sum = NOTHING;
        for (UdpPort port : ports.values()) {
            sum = sum.plus(port.stats());
        }
        for (StreamPort stream : streams.values()) {
            sum = sum.plus(stream.stats());
        }
        return sum;
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
            flush();
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

    private void flush() {
        for (UdpPort port : ports.values()) {
            port.flush();
        }
        for (StreamPort stream : streams.values()) {
            stream.flush();
        }
    }

    private void release() {
        if (released) {
            return;
        }
        flush();
        finalStats = sumOfPorts();
        released = true;
        gathered.complete(false);
        ports.values().forEach(UdpPort::close);
        ports.clear();
        List.copyOf(streams.values()).forEach(StreamPort::close);
        streams.clear();
        cancelTimer();
        if (lookup != null) {
            lookup.close();
        }
    }

    private void onTimer() {
        timer = null;
        timerNanos = TimerTable.NEVER;
        if (wantedNanos == TimerTable.NEVER || released) {
            return;
        }
        long now = now();
        if (now < wantedNanos) {
            schedule(wantedNanos); // it was put off since
            return;
        }
        wantedNanos = TimerTable.NEVER;
        guarded(() -> driver.onTimer(now));
        settle();
    }

    private void schedule(long atNanos) {
        cancelTimer();
        timerNanos = atNanos;
        timer = loop.schedule(this::onTimer, Math.max(0, atNanos - now()), TimeUnit.NANOSECONDS);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
            timerNanos = TimerTable.NEVER;
        }
    }

    private void resolve(String hostName) {
        if (lookup == null) {
            lookup = new MdnsLookup(loop, LocalAddresses.multicastInterfaces());
        }
        lookup.resolve(hostName, address -> {
            guarded(() -> driver.run(now(), () -> core.addResolved(now(), hostName, address)));
            settle();
        });
    }

    /// The system's resolver blocks.
    private void resolveServer(String hostName) {
        Thread.ofVirtual().name("nearhand-resolve").start(() -> {
            List<InetAddress> addresses = addressesOf(hostName);
            loop.execute(() -> {
                guarded(() -> driver.run(now(), () -> core.serverResolved(now(), hostName, addresses)));
                settle();
            });
        });
    }

    private static List<InetAddress> addressesOf(String hostName) {
        try {
            return List.of(InetAddress.getAllByName(hostName));
        } catch (UnknownHostException unknown) {
            LOG.warn("the name of an ICE server has no address; check its spelling and the network");
            return List.of();
        }
    }

    private final class LoopPort implements CoreDriver.Port<PeerEvent> {
        @Override
        public void send(ByteBuffer borrowed, Path path) {
            UdpPort port = ports.get(path.local());
            if (port != null) {
                port.send(borrowed, path.remote());
                return;
            }
            for (StreamPort stream : streams.values()) {
                if (path.equals(stream.path())) {
                    stream.send(borrowed);
                }
            }
        }

        @Override
        public void onEvent(PeerEvent event) {
            if (event instanceof PeerEvent.ResolveHost(String hostName)) {
                resolve(hostName);
            } else if (event instanceof PeerEvent.ResolveServer(String hostName)) {
                resolveServer(hostName);
            } else if (event instanceof PeerEvent.OpenStream wanted) {
                if (!released) {
                    streams.put(wanted.stream(), StreamPort.open(loop, wanted, new StreamReceiver(wanted)));
                }
            } else {
                listener.onEvent(event, core);
            }
        }

        @Override
        public void wakeAt(long atNanos) {
            wantedNanos = atNanos;
            // a timer that fires too early finds that out; so the common case, a later deadline, costs nothing
            if (atNanos < timerNanos) {
                schedule(atNanos);
            }
        }
    }

    private final class PortReceiver implements UdpPort.Receiver {
        @Override
        public void onDatagram(ByteBuffer borrowed, Path path) {
            if (released) {
                return;
            }
            guarded(() -> driver.onDatagram(now(), borrowed, path));
        }

        @Override
        public void onReadComplete() {
            settle();
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
            if (released || path == null || ports.containsKey(path.local())) {
                port.close(); // a UDP port of the same number: which of them is meant could not be told
                return;
            }
            step(() -> core.streamOpened(now(), wanted.stream(), path));
        }

        @Override
        public void onMessage(ByteBuffer borrowed, Path path) {
            if (!released) {
                guarded(() -> driver.onDatagram(now(), borrowed, path));
            }
        }

        @Override
        public void onReadComplete() {
            settle();
        }

        @Override
        public void onClosed() {
            if (!released) {
                streams.remove(wanted.stream());
                step(() -> core.streamClosed(now(), wanted.stream()));
            }
        }

        private void step(Runnable change) {
            guarded(() -> driver.run(now(), change));
            settle();
        }
    }
}
