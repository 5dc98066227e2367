package dev.nearhand.testing.interop;

import java.time.Duration;

/// Another WebRTC program with one connection, whose data channels echo. Descriptions are complete (no trickling).
public interface ForeignPeer extends AutoCloseable {
    /// How long any single answer may take; a browser's start is the slowest of them.
    Duration PATIENCE = Duration.ofSeconds(30);

    /// Makes a data channel `main` and the offer.
    String offer();

    /// Takes the answer to its offer.
    void accept(String answer);

    /// Takes an offer.
    String answer(String offer);

    /// What it said about itself so far, for the message of a test that fails.
    String log();

    /// Ends its process.
    @Override
    void close();
}
