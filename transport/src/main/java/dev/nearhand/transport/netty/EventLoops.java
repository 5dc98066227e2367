package dev.nearhand.transport.netty;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/// The threads that all connections of this process share. Each connection belongs to one of them for its whole life.
///
/// They are daemons: a program that has ended does not wait for them.
final class EventLoops {
    /// One thread carries dozens of connections; the second one keeps a busy connection from delaying another.
    private static final int THREADS = 2;

    private static final EventLoopGroup SHARED = new MultiThreadIoEventLoopGroup(
            THREADS,
            new DefaultThreadFactory("nearhand-peer", true),
            SocketKind.best().handlers());

    /// Made when the first multicast socket is.
    private static final class Multicast {
        static final EventLoopGroup LOOP = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("nearhand-mdns", true), NioIoHandler.newFactory());
    }

    private EventLoops() {}

    static EventLoop next() {
        return SHARED.next();
    }

    /// The one of the sockets that hear the local links, for which there is nothing to gain from the native kind:
    /// Java's own join groups by interface alike on all systems.
    static EventLoop multicast() {
        return Multicast.LOOP.next();
    }

    /// The one whose thread this is, or null when it is another's.
    static @Nullable EventLoop current() {
        for (EventExecutor loop : SHARED) {
            if (loop.inEventLoop()) {
                return (EventLoop) loop;
            }
        }
        return null;
    }
}
