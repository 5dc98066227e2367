package dev.nearhand.app.cli;

import dev.nearhand.app.connect.ScreenView;
import dev.nearhand.app.connect.ViewOptions;
import dev.nearhand.app.connect.ViewOptions.Target;
import dev.nearhand.app.local.LocalMachine;
import dev.nearhand.app.session.ViewerListener;
import dev.nearhand.app.session.ViewerState;
import dev.nearhand.capture.codec.DecodedPicture;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `nearhand view ADDRESS CODE`.
@Command(
        name = "view",
        description = {
            "See another screen, in a window.",
            "With --snapshot it needs no display: it connects, waits, writes the picture and ends.",
            "With --no-window neither: it goes on until Ctrl-C.",
            ""
        })
final class ViewCommand implements Callable<Integer> {
    private static final Duration SNAPSHOT_AFTER = Duration.ofSeconds(3);
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final Windows windows;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(
            index = "0..*",
            arity = "1..*",
            paramLabel = "ADDRESS CODE",
            hideParamSyntax = true,
            description = {
                "Where the other screen is shared, such as 192.0.2.7:47800, and the one-time code that is shown there;",
                "spaces do not matter. With --rendezvous the code alone."
            })
    List<String> words = new ArrayList<>();

    @Mixin
    RendezvousOption rendezvous = new RendezvousOption();

    @Mixin
    IceOptions ice = new IceOptions();

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

    @Option(names = "--no-window", description = "See nothing here: for programs that watch what it prints.")
    boolean noWindow;

    @Option(
            names = "--json",
            description = "Print what happens, and the figures every second, as lines of JSON (without a window only).")
    boolean json;

    @Option(names = "--until-stdin-closes", hidden = true)
    boolean untilStdinCloses;

    ViewCommand(Windows windows) {
        this.windows = windows;
    }

    @Override
    public Integer call() throws InterruptedException {
        ViewOptions options = options();
        if (noWindow || (snapshot.isPresent() && !window)) {
            return withoutWindow(options);
        }
        if (!LocalMachine.hasDisplay()) {
            throw new CommandException(
                    ExitCode.MISSING,
                    "There is no display to open a window on; add --snapshot FILE.png to get a picture without one.");
        }
        if (untilStdinCloses) {
            Lifetime parent = new Lifetime();
            parent.endWhenStdinCloses();
            Thread.ofPlatform().daemon().name("nearhand-parent").start(() -> exitWith(parent));
        }
        return windows.viewer(options, after, snapshot);
    }

    private ViewOptions options() {
        boolean met = rendezvous.address().isPresent();
        if (!met && words.size() < 2) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "Missing required parameter: CODE, after the ADDRESS.");
        }
        Target target = met ? new Target.Rendezvous(rendezvous.typed) : new Target.Direct(words.getFirst());
        String code = String.join("", met ? words : words.subList(1, words.size()));
        return new ViewOptions(target, code, ViewerNames.ofThisMachine(), ice.settings());
    }

    private static void exitWith(Lifetime parent) {
        try {
            parent.await();
            Runtime.getRuntime().exit(ExitCode.OK);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private int withoutWindow(ViewOptions options) throws InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        Report report = new Report(out, json);
        try (ScreenView view = ScreenView.connect(options, report)) {
            report.lifetime.closeAtExit(view);
            if (untilStdinCloses) {
                report.lifetime.endWhenStdinCloses();
            }
            Duration wait = after.orElse(snapshot.isPresent() ? SNAPSHOT_AFTER : FOR_EVER);
            while (!report.lifetime.ended(waitMillis(report, wait))) {
                if (json && report.firstPictureNanos != 0) {
                    new ReportLine.Figures(view.stats()).print(out);
                } else if (stats && report.firstPictureNanos != 0) {
                    ShareCommand.printLine(out, view.stats().line());
                }
                if (report.pictureAge().compareTo(wait) >= 0) {
                    snapshot.ifPresent(file -> {
                        report.keeper.write(file);
                        ShareCommand.printLine(out, "Wrote " + file + ".");
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
                ShareCommand.printLine(out, sentence);
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
