package dev.nearhand.app.session;

import java.util.concurrent.CompletableFuture;

/// The link of a host: it makes the offer.
public interface OfferingLink extends PeerLink {
    /// The offer for the other side; candidates that are found later follow as events.
    CompletableFuture<String> offer();

    /// An offer that begins to look for a path anew, while what works carries on; also after the link has `FAILED`.
    CompletableFuture<String> restart();

    /// The other side's answer; fails when it cannot be read or met.
    CompletableFuture<Void> accept(String answer);
}
