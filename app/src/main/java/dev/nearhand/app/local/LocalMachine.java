package dev.nearhand.app.local;

import dev.nearhand.app.session.HostDevices;

/// The devices of this machine, as a session takes them.
public final class LocalMachine {
    private LocalMachine() {}

    /// @throws dev.nearhand.capture.screen.CaptureException when this machine has no screen of that kind, and what to
    ///   try
    public static HostDevices devices(ScreenChoice choice) {
        throw new UnsupportedOperationException("not built yet: " + choice);
    }
}
