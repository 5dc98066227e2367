package dev.nearhand.transport.api;

import java.net.InetAddress;
import java.util.List;

/// What can be chosen about a connection.
///
/// @param loopback whether addresses of the loopback interface are candidates even when there are others; with no other
///     interface they always are
/// @param bindAddresses the local addresses to use; empty means those of all interfaces that are up
/// @param maxMessageBytes the largest data channel message that is taken from the other side
/// @param maxBufferedBytes how much a data channel may have waiting to be sent
/// @param iceServers at most 8 are asked
/// @param iceTransportPolicy which ways the connection may go
public record PeerConfig(
        boolean loopback,
        List<InetAddress> bindAddresses,
        int maxMessageBytes,
        long maxBufferedBytes,
        List<IceServer> iceServers,
        IceTransportPolicy iceTransportPolicy) {
    public PeerConfig {
        iceServers = List.copyOf(iceServers);
        bindAddresses = List.copyOf(bindAddresses);
        if (maxMessageBytes < 1 || maxBufferedBytes < 1) {
            throw new IllegalArgumentException("limits are at least one byte");
        }
    }

    public static PeerConfig defaults() {
        return new PeerConfig(false, List.of(), 64 << 20, 128L << 20, List.of(), IceTransportPolicy.ALL);
    }

    public PeerConfig withLoopback(boolean value) {
        return new PeerConfig(value, bindAddresses, maxMessageBytes, maxBufferedBytes, iceServers, iceTransportPolicy);
    }

    public PeerConfig withBindAddresses(List<InetAddress> value) {
        return new PeerConfig(loopback, value, maxMessageBytes, maxBufferedBytes, iceServers, iceTransportPolicy);
    }

    public PeerConfig withMaxMessageBytes(int value) {
        return new PeerConfig(loopback, bindAddresses, value, maxBufferedBytes, iceServers, iceTransportPolicy);
    }

    public PeerConfig withMaxBufferedBytes(long value) {
        return new PeerConfig(loopback, bindAddresses, maxMessageBytes, value, iceServers, iceTransportPolicy);
    }

    public PeerConfig withIceServers(List<IceServer> value) {
        return new PeerConfig(loopback, bindAddresses, maxMessageBytes, maxBufferedBytes, value, iceTransportPolicy);
    }

    public PeerConfig withIceTransportPolicy(IceTransportPolicy value) {
        return new PeerConfig(loopback, bindAddresses, maxMessageBytes, maxBufferedBytes, iceServers, value);
    }

    /// Says no address.
    @Override
    public String toString() {
        return "PeerConfig[loopback=" + loopback + ", bindAddresses=" + bindAddresses.size() + ", iceServers="
                + iceServers.size() + ", " + iceTransportPolicy + "]";
    }
}
