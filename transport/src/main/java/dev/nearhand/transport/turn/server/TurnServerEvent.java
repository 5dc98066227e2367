package dev.nearhand.transport.turn.server;

import java.net.InetSocketAddress;

/// What a [TurnServerCore] wants of its owner.
public sealed interface TurnServerEvent {
    /// Bind this address and say so by [TurnServerCore#relayOpened], or that it cannot be by
    /// [TurnServerCore#relayRefused].
    ///
    /// @param dontFragment what leaves from it is not to be fragmented: where that cannot be had, it is refused
    record OpenRelay(InetSocketAddress address, boolean dontFragment) implements TurnServerEvent {
        /// Says no address.
        @Override
        public String toString() {
            return "OpenRelay[:" + address.getPort() + "]";
        }
    }

    /// It is not needed any more.
    record CloseRelay(InetSocketAddress address) implements TurnServerEvent {
        /// Says no address.
        @Override
        public String toString() {
            return "CloseRelay[:" + address.getPort() + "]";
        }
    }

    /// The connection has ended for the server: it said what no client says.
    record CloseStream(int stream) implements TurnServerEvent {}
}
