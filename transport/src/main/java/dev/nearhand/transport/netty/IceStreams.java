package dev.nearhand.transport.netty;

import dev.nearhand.transport.wire.Path;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The TCP connections between this ICE agent and the other ([RFC 6544](https://www.rfc-editor.org/rfc/rfc6544)): those
/// that it opens, which the first frame along an active path asks for, and those that it accepts. On the event loop
/// only.
///
/// Anybody may connect to a port that is listened on, so a connection has [#PROOF_SECONDS] to bring a check that the
/// other side has signed, and few may be without one at a time.
final class IceStreams {
    /// The way in.
    interface Receiver {
        /// `borrowed` is valid until the call returns.
        void onDatagram(ByteBuffer borrowed, Path path);

        /// All that could be read at once has been delivered.
        void onReadComplete();

        /// Whether the other side has proved that it is at the far end.
        boolean isKnown(Path path);

        /// A connection has ended that was open.
        void onLost(Path path);
    }

    /// Connections of either kind; when full no more are opened or accepted.
    static final int LIMIT = 32;

    /// Accepted ones that nobody has proved to be the other side's; a newcomer takes the place of the oldest.
    static final int UNPROVEN_LIMIT = 8;

    static final int PROOF_SECONDS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(IceStreams.class);
    private static final int OPEN_LIMIT_MILLIS = 3_000;
    private static final int BACKLOG = 16;

    private final EventLoop loop;
    private final Receiver receiver;
    private final Map<Path, IceConnection> connections = new LinkedHashMap<>();
    private final Map<InetAddress, Channel> listeners = new LinkedHashMap<>();
    private NetworkStats closed = NetworkStats.NOTHING;
    private boolean isOver;

    IceStreams(EventLoop loop, Receiver receiver) {
        this.loop = loop;
        this.receiver = receiver;
    }

    /// Accepts connections at an address, on a port that the system chooses; null when it cannot be bound.
    @Nullable
    InetSocketAddress listen(InetAddress address) {
        assert loop.inEventLoop();
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(SocketKind.of(loop).listener())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel accepted) {
                        accept(accepted);
                    }
                })
                .register();
        if (bound.isSuccess()) {
            bound = bound.channel().bind(new InetSocketAddress(address, 0));
        }
        if (!bound.isSuccess()) {
            bound.channel().close();
            LOG.debug("one address is not listened on", bound.cause());
            return null;
        }
        listeners.put(address, bound.channel());
        return (InetSocketAddress) bound.channel().localAddress();
    }

    private void accept(SocketChannel accepted) {
        List<IceConnection> unproven = connections.values().stream()
                .filter(connection -> !connection.path().isActive() && !receiver.isKnown(connection.path()))
                .toList();
        if (unproven.size() >= UNPROVEN_LIMIT) {
            IceConnection oldest = unproven.getFirst();
            connections.remove(oldest.path()); // it tells of its end later, when others may have been accepted
            oldest.close();
        }
        if (isOver || connections.size() >= LIMIT) {
            accepted.close();
            return;
        }
        Path path = new Path(accepted.localAddress(), accepted.remoteAddress(), true);
        connections.put(path, new IceConnection(accepted, path, new Inlet()));
        loop.schedule(
                () -> {
                    if (!receiver.isKnown(path)) {
                        close(path);
                    }
                },
                PROOF_SECONDS,
                TimeUnit.SECONDS);
    }

    private void close(Path path) {
        IceConnection connection = connections.get(path);
        if (connection != null) {
            connection.close();
        }
    }

    /// Queues a frame until [#flush]; copies it.
    void send(ByteBuffer borrowed, Path path) {
        IceConnection connection = connections.get(path);
        if (connection == null && path.isActive() && connections.size() < LIMIT && !isOver) {
            connection = open(path);
        }
        if (connection != null) {
            connection.send(borrowed);
        }
    }

    private IceConnection open(Path path) {
        IceConnection[] opened = new IceConnection[1];
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(SocketKind.of(loop).stream())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, OPEN_LIMIT_MILLIS)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel fresh) {
                        opened[0] = new IceConnection(fresh, path, new Inlet());
                    }
                })
                .register();
        IceConnection connection = opened[0];
        if (connection == null) {
            throw new IllegalStateException("registering did not complete on the loop", connecting.cause());
        }
        connections.put(path, connection);
        connecting
                .channel()
                .connect(path.remote(), new InetSocketAddress(path.local().getAddress(), 0))
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        connection.closed();
                    }
                });
        return connection;
    }

    void flush() {
        connections.values().forEach(IceConnection::flush);
    }

    /// An address of this machine is gone.
    void close(InetAddress local) {
        Channel listener = listeners.remove(local);
        if (listener != null) {
            listener.close();
        }
        for (IceConnection connection : List.copyOf(connections.values())) {
            if (connection.path().local().getAddress().equals(local)) {
                connection.close();
            }
        }
    }

    void closeAll() {
        isOver = true;
        listeners.values().forEach(Channel::close);
        listeners.clear();
        new ArrayList<>(connections.values()).forEach(IceConnection::close);
    }

    int size() {
        return connections.size();
    }

    /// What they have carried, those that are closed by now too.
    NetworkStats stats() {
        NetworkStats sum = closed;
        for (IceConnection connection : connections.values()) {
            sum = sum.plus(connection.stats());
        }
        return sum;
    }

    private final class Inlet implements IceConnection.Receiver {
        @Override
        public void onFrame(IceConnection connection, ByteBuffer borrowed) {
            receiver.onDatagram(borrowed, connection.path());
        }

        @Override
        public void onReadComplete() {
            receiver.onReadComplete();
        }

        @Override
        public void onClosed(IceConnection connection, boolean wasOpen) {
            closed = closed.plus(connection.stats());
            connections.remove(connection.path(), connection);
            if (wasOpen && !isOver) {
                receiver.onLost(connection.path());
            }
        }
    }
}
