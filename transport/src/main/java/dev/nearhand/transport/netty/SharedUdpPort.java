package dev.nearhand.transport.netty;

import dev.nearhand.transport.ice.PortRoutes;
import dev.nearhand.transport.netty.UdpPort.OpenFailure;
import dev.nearhand.transport.wire.Path;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One UDP socket for many connections: [PortRoutes] tells for which of them a datagram is.
///
/// The connections live on the loop of the socket, so that nothing has to be handed over or copied. Public methods may
/// be called from any thread; everything else happens on the loop.
public final class SharedUdpPort implements AutoCloseable {
    private final EventLoop loop = EventLoops.next();
    private final LoopCalls calls = LoopCalls.of(loop);
    private final PortRoutes<Part> routes = new PortRoutes<>();
    private final Set<Part> reached = new LinkedHashSet<>();
    private final UdpPort port;
    private boolean isClosing;

    private SharedUdpPort(InetSocketAddress address) throws IOException {
        CompletableFuture<UdpPort> opened = new CompletableFuture<>();
        onLoop(() -> {
            try {
                opened.complete(UdpPort.open(loop, address, new Arrivals()));
            } catch (OpenFailure failure) {
                opened.completeExceptionally(failure);
            }
        });
        try {
            port = LoopCalls.join(opened);
        } catch (CompletionException failure) {
            throw new IOException("UDP port " + address.getPort() + " cannot be opened", failure.getCause());
        }
    }

    /// @param address one of this machine's, no wildcard; its port may be 0 for one that the system chooses
    public static SharedUdpPort open(InetSocketAddress address) throws IOException {
        return new SharedUdpPort(address);
    }

    public InetSocketAddress local() {
        return port.local();
    }

    EventLoop loop() {
        return loop;
    }

    /// How many connections take part now.
    public int connections() {
        return call(routes::size);
    }

    public NetworkStats stats() {
        return call(port::stats);
    }

    /// What has become of datagrams that were for nobody, among others.
    public SortedMap<String, Long> counters() {
        return call(routes::counters);
    }

    /// Takes no connection any more, and takes the port from those that use it; the socket goes with the last one that
    /// still has to say goodbye. Returns at once.
    @Override
    public void close() {
        onLoop(() -> {
            if (!isClosing) {
                isClosing = true;
                routes.connections().forEach(part -> part.onClosed.run());
                closeWhenUnused();
            }
        });
    }

    private void closeWhenUnused() {
        if (isClosing && routes.size() == 0) {
            port.close();
        }
    }

    /// Gives a connection its part; null when the port is closed, or full.
    ///
    /// @param onClosed runs when the owner of the port closes it
    @Nullable
    Part join(UdpPort.Receiver receiver, Runnable onClosed) {
        Part part = new Part(receiver, onClosed);
        return !isClosing && routes.add(part) ? part : null;
    }

    /// What leaves from here is not fragmented on its way; false where the system cannot do that.
    boolean forbidFragments() {
        return port.forbidFragments();
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            calls.ask(task);
        }
    }

    private <T> T call(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        onLoop(() -> answer.complete(question.get()));
        return LoopCalls.join(answer);
    }

    private final class Arrivals implements UdpPort.Receiver {
        @Override
        public void onDatagram(ByteBuffer borrowed, Path path) {
            Part part = routes.find(borrowed, path.remote());
            if (part != null) {
                reached.add(part);
                part.receive(borrowed, path);
            }
        }

        @Override
        public void onReadComplete() {
            List<Part> burst = new ArrayList<>(reached);
            reached.clear();
            burst.forEach(part -> part.receiver.onReadComplete());
        }
    }

    /// What one connection sees of the port.
    final class Part implements DatagramPort {
        private final UdpPort.Receiver receiver;
        private final Runnable onClosed;
        private List<String> ufrags = List.of();
        private long packetsSent;
        private long bytesSent;
        private long packetsReceived;
        private long bytesReceived;

        private Part(UdpPort.Receiver receiver, Runnable onClosed) {
            this.receiver = receiver;
            this.onClosed = onClosed;
        }

        void identify(List<String> present) {
            if (!present.equals(ufrags)) {
                ufrags = present;
                routes.identify(this, present);
            }
        }

        private void receive(ByteBuffer borrowed, Path path) {
            packetsReceived++;
            bytesReceived += borrowed.remaining();
            receiver.onDatagram(borrowed, path);
        }

        @Override
        public InetSocketAddress local() {
            return port.local();
        }

        @Override
        public void send(ByteBuffer borrowed, InetSocketAddress remote) {
            packetsSent++;
            bytesSent += borrowed.remaining();
            routes.onSend(this, borrowed, remote);
            port.send(borrowed, remote);
        }

        @Override
        public void flush() {
            port.flush();
        }

        @Override
        public void close() {
            routes.remove(this);
            reached.remove(this);
            closeWhenUnused();
        }

        /// What the socket refused is not told apart by connections.
        @Override
        public NetworkStats stats() {
            return new NetworkStats(packetsSent, bytesSent, packetsReceived, bytesReceived, 0, 0);
        }
    }
}
