package dev.nearhand.transport.turn.server;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/// Who is counted as one: an IPv4 address, or the network of an IPv6 address, whose every host has 2^64 of them.
record Source(boolean ipv6, long bits) {
    static Source of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return bytes.remaining() == 4 ? new Source(false, bytes.getInt()) : new Source(true, bytes.getLong());
    }

    /// Says no address.
    @Override
    public String toString() {
        return ipv6 ? "Source[udp6]" : "Source[udp4]";
    }
}
