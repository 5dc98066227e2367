package dev.nearhand.transport.turn;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// A datagram of a peer, taken out of what the server wrapped it in.
///
/// @param data may be written to, as any datagram that came in; valid as long as what it came in
public record Relayed(InetSocketAddress peer, ByteBuffer data) {
    /// Says no address.
    @Override
    public String toString() {
        return "Relayed[" + data.remaining() + " bytes]";
    }
}
