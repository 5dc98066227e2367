package dev.nearhand.transport.turn.server;

import dev.nearhand.transport.wire.Path;
import java.net.InetSocketAddress;

/// Where a client's messages come from and answers go to; an allocation belongs to one ("5-tuple").
sealed interface Client {
    /// Where the server sees it.
    InetSocketAddress address();

    /// Over UDP.
    record Datagrams(Path path) implements Client {
        @Override
        public InetSocketAddress address() {
            return path.remote();
        }
    }

    /// Over TCP or TLS.
    ///
    /// @param number which its owner has chosen; belongs to no other connection
    record Stream(int number, InetSocketAddress address) implements Client {
        /// Says no address.
        @Override
        public String toString() {
            return "Stream[" + number + "]";
        }
    }
}
