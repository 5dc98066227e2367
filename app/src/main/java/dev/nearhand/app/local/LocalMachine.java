package dev.nearhand.app.local;

import dev.nearhand.app.session.HostDevices;
import dev.nearhand.capture.codec.VideoDecoder;

/// The devices of this machine, as a session takes them.
public final class LocalMachine {
    private LocalMachine() {}

    /// @throws dev.nearhand.capture.screen.CaptureException when this machine has no screen of that kind, and what to
    ///   try
    public static HostDevices devices(ScreenChoice choice) {
        throw new UnsupportedOperationException("not built yet: " + choice);
    }

    /// @throws dev.nearhand.capture.codec.CodecException when nothing can be decoded here
    public static VideoDecoder decoder() {
        throw new UnsupportedOperationException("not built yet");
    }
}
