package dev.nearhand.app.ui.desktop;

import dev.nearhand.app.cli.Windows;
import dev.nearhand.app.connect.Network;
import dev.nearhand.app.connect.RemoteScreen;
import dev.nearhand.app.connect.ViewOptions;
import dev.nearhand.app.session.ViewerListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// Opens the windows for the command line. A process opens one kind of first window, once.
public final class DesktopWindows implements Windows {
    @Override
    public int home(Network network) {
        return DesktopApp.launch(application -> new HomeWindow(application, network).open());
    }

    @Override
    public int viewer(ViewOptions options, Optional<Duration> after, Optional<Path> snapshot) {
        return DesktopApp.launch(
                application -> new ViewerWindow(options, new ViewerWindow.Ending(after, snapshot), application).open());
    }

    @Override
    public int watcher(
            String place,
            Function<ViewerListener, RemoteScreen> connector,
            Optional<Duration> after,
            Optional<Path> snapshot) {
        return DesktopApp.launch(application ->
                new ViewerWindow(place, connector, new ViewerWindow.Ending(after, snapshot), application).open());
    }
}
