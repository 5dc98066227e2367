package dev.nearhand.transport.turn;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// What a [TurnClient] tells its owner.
public sealed interface TurnEvent {
    /// The server relays for this client from now on.
    ///
    /// @param relayed where peers send to
    /// @param mapped where the server sees this client: a server-reflexive address
    record Allocated(InetSocketAddress relayed, InetSocketAddress mapped) implements TurnEvent {
        /// Says no address.
        @Override
        public String toString() {
            return "Allocated[:" + relayed.getPort() + "]";
        }
    }

    /// A peer's datagram that came in through [TurnClient#handleDatagram].
    ///
    /// @param data belongs to the receiver of the event
    record Received(InetSocketAddress peer, ByteBuffer data) implements TurnEvent {
        /// Says no address.
        @Override
        public String toString() {
            return "Received[" + data.remaining() + " bytes]";
        }
    }

    /// There is no relayed address, or no longer. The last event.
    ///
    /// @param reason for people: what happened; holds no address
    record Ended(String reason) implements TurnEvent {}
}
