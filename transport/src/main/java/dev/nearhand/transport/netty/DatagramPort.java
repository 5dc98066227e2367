package dev.nearhand.transport.netty;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// Where one connection sends datagrams from: a socket of its own, or its part in a shared one. On the event loop only.
interface DatagramPort {
    InetSocketAddress local();

    /// Queues a datagram until [#flush]; copies it.
    void send(ByteBuffer borrowed, InetSocketAddress remote);

    void flush();

    /// Nothing arrives any more.
    void close();

    NetworkStats stats();
}
