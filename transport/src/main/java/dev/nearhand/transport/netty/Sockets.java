package dev.nearhand.transport.netty;

import dev.nearhand.transport.netty.UdpPort.OpenFailure;
import dev.nearhand.transport.peer.PeerEvent;
import dev.nearhand.transport.wire.Path;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sockets of one connection: a UDP port for each local address, or a part in a shared one, the connections to TURN
/// servers, and the TCP connections to the other side. On the event loop only.
final class Sockets {
    private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);

    private final EventLoop loop;
    private final IceStreams iceStreams;
    private final @Nullable ProxyServer proxy;
    private final Map<InetSocketAddress, DatagramPort> ports = new HashMap<>();
    private final Map<Integer, StreamPort> streams = new HashMap<>();
    private SharedUdpPort.@Nullable Part shared;
    private @Nullable InetSocketAddress lastLocal;
    private @Nullable DatagramPort lastPort;
    private NetworkStats closed = NetworkStats.NOTHING;
    private boolean isClosed;
    private long proxyFailures;

    /// @param proxy for connections to servers; null for none
    Sockets(EventLoop loop, IceStreams iceStreams, @Nullable ProxyServer proxy) {
        this.loop = loop;
        this.iceStreams = iceStreams;
        this.proxy = proxy;
    }

    /// Counts and tells it.
    void proxyFailed(ProxyFailure why) {
        proxyFailures++;
        LOG.warn("{}", why.sentence());
    }

    /// Connections that the proxy has not made.
    long proxyFailures() {
        return proxyFailures;
    }

    int udpPorts() {
        return ports.size();
    }

    boolean hasUdpPortOf(InetAddress address) {
        return ports.keySet().stream().anyMatch(local -> local.getAddress().equals(address));
    }

    boolean isUdpPort(InetSocketAddress local) {
        return ports.containsKey(local);
    }

    /// Opens a UDP port; null when the address cannot be bound: tentative IPv6, an interface on its way down.
    @Nullable
    UdpPort open(InetAddress address, UdpPort.Receiver receiver) {
        try {
            UdpPort port = UdpPort.open(loop, address, receiver);
            ports.put(port.local(), port);
            forgetLast();
            return port;
        } catch (OpenFailure failure) {
            LOG.debug("one address is left out: {}", failure.getMessage());
            return null;
        }
    }

    /// Takes part in a shared port; null when that is closed, or full.
    ///
    /// @param onClosed runs on the loop when the port is closed by its owner
    @Nullable
    DatagramPort join(SharedUdpPort port, UdpPort.Receiver receiver, Runnable onClosed) {
        shared = port.join(receiver, onClosed);
        if (shared != null) {
            ports.put(shared.local(), shared);
            forgetLast();
        }
        return shared;
    }

    /// By which fragments the other side may call this connection now; matters where the port is shared.
    void identify(List<String> ufrags) {
        if (shared != null) {
            shared.identify(ufrags);
        }
    }

    void open(PeerEvent.OpenStream wanted, StreamPort.Receiver receiver) {
        if (proxy == null) {
            streams.put(wanted.stream(), StreamPort.open(loop, wanted, null, receiver));
        } else {
            openThrough(proxy, wanted, receiver);
        }
    }

    /// The system's resolver blocks, in native code: see [Names].
    private void openThrough(ProxyServer way, PeerEvent.OpenStream wanted, StreamPort.Receiver receiver) {
        Thread.ofPlatform().daemon().name("nearhand-proxy").start(() -> {
            ChannelHandler handler = handler(way);
            loop.execute(() -> {
                if (handler == null) {
                    proxyFailed(ProxyFailure.NO_ADDRESS);
                }
                if (handler == null || isClosed) {
                    receiver.onClosed();
                } else {
                    streams.put(wanted.stream(), StreamPort.open(loop, wanted, handler, receiver));
                }
            });
        });
    }

    private static @Nullable ChannelHandler handler(ProxyServer way) {
        try {
            return way.newHandler();
        } catch (UnknownHostException unknown) {
            return null;
        }
    }

    /// The local ends of the UDP ports whose addresses are not among these.
    List<InetSocketAddress> notAmong(Collection<InetAddress> present) {
        return ports.keySet().stream()
                .filter(local -> !present.contains(local.getAddress()))
                .toList();
    }

    /// Closes what is bound to an address that is gone.
    void close(InetSocketAddress local) {
        DatagramPort port = ports.remove(local);
        forgetLast();
        if (port != null) {
            closed = closed.plus(port.stats());
            port.close();
        }
        iceStreams.close(local.getAddress());
        for (StreamPort stream : List.copyOf(streams.values())) {
            Path path = stream.path();
            if (path != null && path.local().getAddress().equals(local.getAddress())) {
                stream.close();
            }
        }
    }

    void closed(int stream) {
        StreamPort port = streams.remove(stream);
        if (port != null) {
            closed = closed.plus(port.stats());
        }
    }

    void send(ByteBuffer borrowed, Path path) {
        if (path.stream()) {
            iceStreams.send(borrowed, path);
            return;
        }
        DatagramPort port = portOf(path.local());
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

    /// Mostly that of the packet before, told by the same object.
    private @Nullable DatagramPort portOf(InetSocketAddress local) {
        if (!Objects.equals(local, lastLocal)) {
            lastLocal = local;
            lastPort = ports.get(local);
        }
        return lastPort;
    }

    private void forgetLast() {
        lastLocal = null;
        lastPort = null;
    }

    void flush() {
        iceStreams.flush();
        for (DatagramPort port : ports.values()) {
            port.flush();
        }
        for (StreamPort stream : streams.values()) {
            stream.flush();
        }
    }

    /// What they have carried, those that are closed by now too.
    NetworkStats stats() {
        return withoutIceStreams().plus(iceStreams.stats());
    }

    private NetworkStats withoutIceStreams() {
        NetworkStats sum = closed;
        for (DatagramPort port : ports.values()) {
            sum = sum.plus(port.stats());
        }
        for (StreamPort stream : streams.values()) {
            sum = sum.plus(stream.stats());
        }
        return sum;
    }

    void closeAll() {
        isClosed = true;
        flush();
        closed = withoutIceStreams();
        iceStreams.closeAll();
        ports.values().forEach(DatagramPort::close);
        ports.clear();
        shared = null;
        List<StreamPort> open = List.copyOf(streams.values());
        streams.clear();
        open.forEach(StreamPort::close);
    }
}
