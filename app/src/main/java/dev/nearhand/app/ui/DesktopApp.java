package dev.nearhand.app.ui;

import dev.nearhand.app.cli.Windows;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Opens the windows.
public final class DesktopApp {
    private DesktopApp() {}

    public static Windows windows() {
        return new Windows() {
            @Override
            public int home() {
                throw new UnsupportedOperationException("not built yet");
            }

            @Override
            public int viewer(String address, String code, Optional<Duration> after, Optional<Path> snapshot) {
                throw new UnsupportedOperationException("not built yet");
            }
        };
    }
}
