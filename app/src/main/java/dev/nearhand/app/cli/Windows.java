package dev.nearhand.app.cli;

import dev.nearhand.app.connect.Network;
import dev.nearhand.app.connect.RemoteScreen;
import dev.nearhand.app.connect.ViewOptions;
import dev.nearhand.app.session.ViewerListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// The windows, as the command line opens them. Each method returns when the last window is closed, with the exit code
/// of the program.
public interface Windows {
    /// @param network how machines in other networks are reached
    int home(Network network);

    /// @param after the window closes by itself so long after the first picture
    /// @param snapshot the last picture is written there as PNG
    int viewer(ViewOptions options, Optional<Duration> after, Optional<Path> snapshot);

    /// As [#viewer], of any screen.
    ///
    /// @param place what is looked at, as a person knows it
    /// @param connector begins to connect, and tells what becomes of it
    int watcher(
            String place,
            Function<ViewerListener, RemoteScreen> connector,
            Optional<Duration> after,
            Optional<Path> snapshot);
}
