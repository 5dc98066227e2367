package dev.nearhand.app.cli;

import dev.nearhand.app.local.LocalMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How a screen is looked at: what `view` and `watch` have in common.
final class WatchOptions {
    @Option(names = "--snapshot", paramLabel = "FILE.png", description = "Write the picture there, then end.")
    Optional<Path> snapshot = Optional.empty();

    @Option(
            names = "--after",
            paramLabel = "TIME",
            description = "End so long after the first picture, such as 8s; with --snapshot otherwise 3s.")
    Optional<Duration> after = Optional.empty();

    @Option(names = "--stats", description = "Print a line a second (without a window only).")
    boolean stats;

    @Option(names = "--window", description = "Open a window also with --snapshot.")
    boolean window;

    @Mixin
    LifetimeOption lifetime = new LifetimeOption();

    /// Whether what is asked for needs no window.
    boolean isForAFile() {
        return snapshot.isPresent() && !window;
    }

    Headless headless(boolean json) {
        return new Headless(snapshot, after, stats, json, lifetime);
    }

    /// @throws CommandException when no window can be opened here
    void requireDisplay() {
        if (!LocalMachine.hasDisplay()) {
            throw new CommandException(
                    ExitCode.MISSING,
                    "There is no display to open a window on; add --snapshot FILE.png to get a picture without one.");
        }
    }
}
