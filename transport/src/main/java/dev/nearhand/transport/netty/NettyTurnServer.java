package dev.nearhand.transport.netty;

import dev.nearhand.transport.driver.CoreDriver;
import dev.nearhand.transport.mdns.MdnsService;
import dev.nearhand.transport.netty.UdpPort.OpenFailure;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.turn.server.StreamTransmit;
import dev.nearhand.transport.turn.server.TurnServerConfig;
import dev.nearhand.transport.turn.server.TurnServerCore;
import dev.nearhand.transport.turn.server.TurnServerEvent;
import dev.nearhand.transport.turn.server.TurnServerStats;
import dev.nearhand.transport.wire.Path;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one [TurnServerCore] on an event loop: its sockets and its timer. Public methods may be called from any thread
/// but the loop's own.
public final class NettyTurnServer implements AutoCloseable {
    /// Where clients come in.
    ///
    /// @param tls how to be known there; null for plain UDP and TCP
    public record Endpoint(
            InetSocketAddress address, @Nullable Identity tls) {
        /// Says no address.
        @Override
        public String toString() {
            return "Endpoint[:" + address.getPort() + "]";
        }
    }

    /// A certificate with its chain and its key, in PEM files.
    public record Identity(java.nio.file.Path certificate, java.nio.file.Path key) {}

    private static final Logger LOG = LoggerFactory.getLogger(NettyTurnServer.class);

    /// Two ports of one number are wanted, and one may be taken.
    private static final int TRIES = 16;

    /// A bug that every packet shows must not fill the disk.
    private static final int BUGS_TO_LOG = 10;

    private final EventLoop loop = EventLoops.next();
    private final long startNanos = System.nanoTime();
    private final TurnServerCore core;
    private final CoreDriver<TurnServerEvent> driver;
    private final Map<InetSocketAddress, UdpPort> ports = new HashMap<>();
    private final List<TurnListener> listeners = new ArrayList<>();
    private final Map<Integer, TurnListener.Connection> connections = new HashMap<>();
    private final Set<UdpPort> toFlush = new LinkedHashSet<>();
    private final Set<TurnListener.Connection> connectionsToFlush = new LinkedHashSet<>();
    private final ByteBuffer lent = ByteBuffer.allocate(CoreDriver.BUFFER_BYTES);
    private final List<InetSocketAddress> addresses = new ArrayList<>();
    private final List<InetSocketAddress> plain = new ArrayList<>();
    private final List<MdnsService> announced = new CopyOnWriteArrayList<>();
    private @Nullable Future<?> timer;
    private boolean closed;
    private int nextConnection;
    private int bugs;

    /// Tells the local links of each address where clients come in over UDP and TCP (RFC 8155 section 5).
    public void announce() {
        for (InetSocketAddress address : plain) {
            // random, so that no two servers of a link have the same
            String label = "turn-" + UUID.randomUUID();
            Names.ANNOUNCED.forEach(type -> {
                MdnsService service =
                        new MdnsService(label, type, address.getPort(), label + ".local", address.getAddress());
                announced.add(service);
                MdnsPublisher.shared().announce(service);
            });
        }
    }

    /// Opens all endpoints, or none: UDP and TCP where there is no TLS, TLS alone where there is.
    ///
    /// @param endpoints a port of 0 becomes one that is free
    /// @throws IOException when one cannot be opened, with a sentence that says which
    public NettyTurnServer(TurnServerConfig config, List<Endpoint> endpoints) throws IOException {
        core = new TurnServerCore(config, InstantSource.system(), new SecureRandom());
        driver = new CoreDriver<>(core, new LoopPort());
        try {
            for (Endpoint endpoint : endpoints) {
                open(endpoint);
            }
        } catch (IOException failure) {
            close();
            throw failure;
        }
    }

    private void open(Endpoint endpoint) throws IOException {
        Identity identity = endpoint.tls;
        SslContext tls = identity == null ? null : context(identity);
        OpenFailure last = null;
        for (int tries = endpoint.address.getPort() == 0 ? TRIES : 1; tries > 0; tries--) {
            UdpPort udp = null;
            try {
                InetSocketAddress address = endpoint.address;
                if (tls == null) {
                    udp = call(() -> UdpPort.open(loop, endpoint.address, new Datagrams()));
                    address = udp.local();
                }
                TurnListener listener = TurnListener.open(loop, address, tls, () -> nextConnection++, new Streams());
                UdpPort opened = udp;
                call(() -> opened == null || ports.put(opened.local(), opened) == null);
                listeners.add(listener);
                addresses.add(listener.local());
                if (tls == null) {
                    plain.add(listener.local());
                }
                return;
            } catch (OpenFailure failure) {
                last = failure;
                if (udp != null) {
                    udp.close();
                }
            }
        }
        throw new IOException(
                "port " + endpoint.address.getPort() + " cannot be opened; is it in use, or is the address not of this"
                        + " machine?",
                last);
    }

    private static SslContext context(Identity identity) throws IOException {
        try {
            return SslContextBuilder.forServer(identity.certificate.toFile(), identity.key.toFile())
                    .build();
        } catch (IllegalArgumentException unreadable) {
            throw new IOException("the certificate or its key cannot be read; both have to be PEM files", unreadable);
        }
    }

    /// Runs something on the loop and waits for it.
    private <T> T call(Callable<T> task) throws OpenFailure {
        CompletableFuture<T> result = new CompletableFuture<>();
        LoopCalls.of(loop).ask(() -> {
            try {
                result.complete(task.call());
            } catch (Exception failure) {
                result.completeExceptionally(failure);
            }
        });
        try {
            return LoopCalls.join(result);
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof OpenFailure cause) {
                throw cause;
            }
            throw failure;
        }
    }

    /// Where clients come in, in the order of the endpoints, each with the port that it got.
    public List<InetSocketAddress> addresses() {
        return List.copyOf(addresses);
    }

    public TurnServerStats stats() {
        try {
            return call(core::stats);
        } catch (OpenFailure impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Ends it with everything that is relayed. Closing twice does no harm.
    @Override
    public void close() {
        announced.forEach(MdnsPublisher.shared()::renounce);
        announced.clear();
        try {
            call(() -> {
                closed = true;
                if (timer != null) {
                    timer.cancel(false);
                }
                listeners.forEach(TurnListener::close);
                List.copyOf(connections.values()).forEach(TurnListener.Connection::close);
                ports.values().forEach(UdpPort::close);
                ports.clear();
                return true;
            });
        } catch (OpenFailure impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    // --- on the loop

    private long now() {
        return System.nanoTime() - startNanos;
    }

    /// An exception inside the core is a bug of ours; one client's packet must not end what the others have.
    private void guarded(Runnable step) {
        if (closed) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException | AssertionError bug) {
            if (bugs++ < BUGS_TO_LOG) {
                LOG.error("a message was dropped after a bug", bug);
            }
        }
    }

    private void drainMessages() {
        for (StreamTransmit next = core.pollMessage(lent.clear());
                next != null;
                next = core.pollMessage(lent.clear())) {
            TurnListener.Connection connection = connections.get(next.stream());
            if (connection != null) {
                if (!connection.send(lent.slice(0, next.lengthBytes()))) {
                    core.countSlowClient();
                }
                connectionsToFlush.add(connection);
            }
        }
    }

    private void flush() {
        toFlush.forEach(UdpPort::flush);
        toFlush.clear();
        connectionsToFlush.forEach(TurnListener.Connection::flush);
        connectionsToFlush.clear();
    }

    private void change(Runnable change) {
        guarded(() -> {
            driver.run(now(), change);
            drainMessages();
        });
    }

    private final class LoopPort implements CoreDriver.Port<TurnServerEvent> {
        @Override
        public void send(ByteBuffer borrowed, Path path) {
            UdpPort port = ports.get(path.local());
            if (port != null) {
                port.send(borrowed, path.remote());
                toFlush.add(port);
            }
        }

        @Override
        public void onEvent(TurnServerEvent event) {
            switch (event) {
                case TurnServerEvent.OpenRelay wanted -> openRelay(wanted);
                case TurnServerEvent.CloseRelay over -> {
                    UdpPort port = ports.remove(over.address());
                    if (port != null) {
                        port.flush();
                        port.close();
                        toFlush.remove(port);
                    }
                }
                case TurnServerEvent.CloseStream over -> {
                    TurnListener.Connection connection = connections.get(over.stream());
                    if (connection != null) {
                        connection.close();
                    }
                }
            }
        }

        private void openRelay(TurnServerEvent.OpenRelay wanted) {
            InetSocketAddress address = wanted.address();
            try {
                UdpPort port = UdpPort.open(loop, address, new Datagrams());
                if (wanted.dontFragment() && !port.forbidFragments()) {
                    port.close();
                    driver.run(now(), () -> core.relayRefused(address));
                    return;
                }
                ports.put(address, port);
                driver.run(now(), () -> core.relayOpened(now(), address));
            } catch (OpenFailure taken) {
                driver.run(now(), () -> core.relayRefused(address));
            }
        }

        @Override
        public void wakeAt(long atNanos) {
            if (timer != null) {
                timer.cancel(false);
                timer = null;
            }
            if (atNanos != TimerTable.NEVER && !closed) {
                timer = loop.schedule(this::wakeUp, Math.max(0, atNanos - now()), TimeUnit.NANOSECONDS);
            }
        }

        private void wakeUp() {
            guarded(() -> {
                driver.onTimer(now());
                drainMessages();
            });
            flush();
        }
    }

    /// Of listening ports and of relayed ones: the core knows them by their addresses.
    private final class Datagrams implements UdpPort.Receiver {
        @Override
        public void onDatagram(ByteBuffer borrowed, Path path) {
            guarded(() -> {
                driver.onDatagram(now(), borrowed, path);
                drainMessages();
            });
        }

        @Override
        public void onReadComplete() {
            flush();
        }
    }

    private final class Streams implements TurnListener.Receiver {
        @Override
        public boolean onOpened(TurnListener.Connection connection) {
            boolean taken = !closed && core.streamOpened(connection.number(), connection.remote());
            if (taken) {
                connections.put(connection.number(), connection);
            }
            return taken;
        }

        @Override
        public void onMessage(TurnListener.Connection connection, ByteBuffer borrowed) {
            change(() -> core.handleMessage(now(), connection.number(), borrowed));
        }

        @Override
        public void onReadComplete() {
            flush();
        }

        @Override
        public boolean onIdle(TurnListener.Connection connection) {
            return core.hasAllocation(connection.number());
        }

        @Override
        public void onClosed(TurnListener.Connection connection) {
            connections.remove(connection.number());
            connectionsToFlush.remove(connection);
            change(() -> core.streamClosed(connection.number()));
        }
    }
}
