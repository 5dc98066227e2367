package dev.nearhand.app.session;

import java.util.concurrent.CompletableFuture;

/// The link of a viewer: it answers the offer.
public interface AnsweringLink extends PeerLink {
    /// The answer to the first `offer` or to a later one; candidates that are found later follow as events. Fails when
    /// the offer cannot be read or met.
    CompletableFuture<String> answer(String offer);
}
