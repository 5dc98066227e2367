package dev.nearhand.transport.interop.matrix;

import dev.nearhand.transport.api.PeerConfig;
import java.nio.file.Path;
import java.util.List;

/// A program of the matrix.
///
/// @param key for choosing it: lower case, one word
/// @param title in the page
/// @param origin where it comes from, for the page
record Row(String key, String title, String origin, Starter starter) {
    /// What is running of a row.
    ///
    /// @param version as the program or its package calls itself; empty when the driver tells it
    /// @param config of our side
    /// @param helpers ends what else has to end with it
    record Running(Peer peer, String version, PeerConfig config, List<Runnable> helpers) implements AutoCloseable {
        Running(Peer peer, String version) {
            this(peer, version, PeerConfig.defaults(), List.of());
        }

        @Override
        public void close() {
            peer.close();
            helpers.forEach(Runnable::run);
        }
    }

    @Override
    public String toString() {
        return key;
    }

    /// Starts the program.
    @FunctionalInterface
    interface Starter {
        /// @param folder empty, for whatever it leaves
        /// @throws MissingException when it is not there
        Running start(Path folder) throws Exception;
    }
}
