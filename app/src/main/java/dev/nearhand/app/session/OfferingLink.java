package dev.nearhand.app.session;

import java.util.concurrent.CompletableFuture;

/// The link of a host: it makes the offer.
public interface OfferingLink extends PeerLink {
    /// The offer for the other side; candidates that are found later follow as events.
    CompletableFuture<String> offer();

    /// The other side's answer; fails when it cannot be read or met.
    CompletableFuture<Void> accept(String answer);
}
