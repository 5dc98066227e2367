package dev.nearhand.app.cli;

import dev.nearhand.app.connect.RemoteScreen;
import dev.nearhand.app.session.ViewerListener;
import dev.nearhand.app.session.ViewerState;
import dev.nearhand.capture.codec.DecodedPicture;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// Seeing a screen without a window: what `view` and `watch` have in common.
///
/// @param snapshot where the picture goes in the end
/// @param after ends so long after the first picture
/// @param lifetime how it may end otherwise
record Headless(
        Optional<Path> snapshot, Optional<Duration> after, boolean stats, boolean json, LifetimeOption lifetime) {
    private static final Duration SNAPSHOT_AFTER = Duration.ofSeconds(3);
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    /// @param connector begins to connect, and tells what becomes of it
    int run(PrintWriter out, Function<ViewerListener, ? extends RemoteScreen> connector) throws InterruptedException {
        Report report = new Report(out, json);
        try (RemoteScreen view = connector.apply(report)) {
            lifetime.bind(report.lifetime, view);
            Duration wait = after.orElse(snapshot.isPresent() ? SNAPSHOT_AFTER : FOR_EVER);
            while (!report.lifetime.ended(waitMillis(report, wait))) {
                if (json && report.firstPictureNanos != 0) {
                    new ReportLine.Figures(view.stats()).print(out);
                } else if (stats && report.firstPictureNanos != 0) {
                    Terminal.printLine(out, view.stats().line());
                }
                if (report.pictureAge().compareTo(wait) >= 0) {
                    snapshot.ifPresent(file -> {
                        report.keeper.write(file);
                        Terminal.printLine(out, "Wrote " + file + ".");
                    });
                    return ExitCode.OK;
                }
            }
        }
        if (report.endReason.isEmpty()) {
            return ExitCode.OK; // told to end from outside
        }
        throw new CommandException(ExitCode.FAILED, report.endReason);
    }

    /// Until the next line or the end, whichever is first.
    private static long waitMillis(Report report, Duration wait) {
        long left = wait.minus(report.pictureAge()).toMillis();
        return report.firstPictureNanos == 0 ? 100 : Math.clamp(left, 1, 1_000);
    }

    /// What arrives, for a person without a window.
    private static final class Report implements ViewerListener {
        private final PrintWriter out;
        private final boolean json;
        private final Lifetime lifetime = new Lifetime();
        private final SnapshotKeeper keeper = new SnapshotKeeper();
        private volatile long firstPictureNanos;
        private volatile String endReason = "";

        Report(PrintWriter out, boolean json) {
            this.out = out;
            this.json = json;
        }

        Duration pictureAge() {
            long first = firstPictureNanos;
            return first == 0 ? Duration.ZERO : Duration.ofNanos(Math.max(0, System.nanoTime() - first));
        }

        @Override
        public void onState(ViewerState state, String sentence) {
            if (json) {
                new ReportLine.State(state.name(), sentence).print(out);
            }
            if (state == ViewerState.ENDED) {
                endReason = sentence;
                lifetime.end();
            } else if (!json) {
                Terminal.printLine(out, sentence);
            }
        }

        @Override
        public void onPicture(DecodedPicture picture) {
            keeper.keep(picture);
            if (firstPictureNanos == 0) {
                firstPictureNanos = System.nanoTime() | 1;
            }
        }
    }
}
