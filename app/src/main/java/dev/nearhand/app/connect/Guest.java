package dev.nearhand.app.connect;

import dev.nearhand.app.session.HostSession;
import dev.nearhand.app.session.Words;
import dev.nearhand.app.signaling.Door;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One viewer from the right code to the end of the session. Fields are guarded by the share.
final class Guest {
    /// The longest name of a viewer that is shown.
    static final int NAME_LIMIT = 80;

    final Door.Visitor visitor;
    final String name;

    @Nullable
    CompletableFuture<Consent> asked;

    @Nullable
    HostPaths paths;

    @Nullable
    HostSession session;

    /// @param claimed what the viewer calls itself
    Guest(Door.Visitor visitor, String claimed) {
        this.visitor = visitor;
        String plain = Words.plain(claimed, NAME_LIMIT);
        this.name = plain.isEmpty() ? "A viewer without a name" : plain;
    }
}
