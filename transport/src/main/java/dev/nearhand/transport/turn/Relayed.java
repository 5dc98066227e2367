package dev.nearhand.transport.turn;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// A datagram of a peer, taken out of what the server wrapped it in.
///
/// @param data a view, valid as long as what it came in
public record Relayed(InetSocketAddress peer, ByteBuffer data) {
    /// Says no address.
    @Override
    public String toString() {
        return "Relayed[" + data.remaining() + " bytes]";
    }
}
