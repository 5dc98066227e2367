package dev.nearhand.transport.netty;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.Inet6Address;
import java.net.InetAddress;

/// What the sockets of a loop are made of: a loop carries one kind only.
enum SocketKind {
    /// Linux's own, by Netty's native library: many datagrams in one call, both ways.
    EPOLL(EpollSocketChannel.class, EpollServerSocketChannel.class),

    /// Java's own, on every system.
    NIO(NioSocketChannel.class, NioServerSocketChannel.class);

    /// Set to true, it keeps the native library out.
    private static final String PLAIN_PROPERTY = "nearhand.sockets.plain";

    private final Class<? extends SocketChannel> stream;
    private final Class<? extends ServerSocketChannel> listener;

    SocketKind(Class<? extends SocketChannel> stream, Class<? extends ServerSocketChannel> listener) {
        this.stream = stream;
        this.listener = listener;
    }

    /// The native one pays where the kernel takes datagrams in batches, which is Linux since 4.18.
    static SocketKind best() {
        boolean epoll = !Boolean.getBoolean(PLAIN_PROPERTY)
                && Epoll.isAvailable()
                && EpollDatagramChannel.isSegmentedDatagramPacketSupported();
        return epoll ? EPOLL : NIO;
    }

    static SocketKind of(EventLoop loop) {
        return loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class) ? EPOLL : NIO;
    }

    /// What runs a loop for them.
    IoHandlerFactory handlers() {
        return switch (this) {
            case EPOLL -> EpollIoHandler.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    /// A datagram socket to be bound to `address`.
    DatagramChannel datagrams(InetAddress address) {
        return switch (this) {
            // of the address's own family: one of both would show IPv4 addresses in another form
            case EPOLL ->
                new EpollDatagramChannel(
                        address instanceof Inet6Address ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET);
            case NIO -> new NioDatagramChannel();
        };
    }

    /// A datagram socket of any family.
    DatagramChannel datagrams() {
        return switch (this) {
            case EPOLL -> new EpollDatagramChannel();
            case NIO -> new NioDatagramChannel();
        };
    }

    /// A socket for connections that this side opens.
    SocketChannel streams() {
        return switch (this) {
            case EPOLL -> new EpollSocketChannel();
            case NIO -> new NioSocketChannel();
        };
    }

    Class<? extends SocketChannel> stream() {
        return stream;
    }

    Class<? extends ServerSocketChannel> listener() {
        return listener;
    }
}
