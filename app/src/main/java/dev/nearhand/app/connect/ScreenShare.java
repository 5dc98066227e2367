package dev.nearhand.app.connect;

import dev.nearhand.app.session.HostDevices;
import dev.nearhand.app.session.SessionStats;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// This screen, open to one viewer at a time who has the code and whom the person here has let in.
///
/// Any thread.
public final class ScreenShare implements AutoCloseable {
    /// How long a question for consent waits.
    public static final Duration CONSENT_LIMIT = Duration.ofSeconds(45);

    private ScreenShare() {}

    /// Begins to listen; returns when viewers can connect.
    ///
    /// @throws ConnectException when the port cannot be opened
    public static ScreenShare start(ShareOptions options, HostDevices devices, ShareListener listener) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Where to connect to, the best one first.
    public List<String> addresses() {
        throw new UnsupportedOperationException("not built yet");
    }

    /// The present one-time code, nine digits.
    public String code() {
        throw new UnsupportedOperationException("not built yet");
    }

    public int port() {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Whether the viewer may steer from now on.
    public void allowControl(boolean allowed) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Ends the session with the present viewer; the share goes on with a new code.
    public void endSession(String reason) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Of the running session; empty when nobody watches.
    public Optional<SessionStats> stats() {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Ends everything; the viewer is told.
    @Override
    public void close() {
        throw new UnsupportedOperationException("not built yet");
    }
}
