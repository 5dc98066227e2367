package dev.nearhand.app.cli;

import dev.nearhand.app.connect.ScreenView;
import dev.nearhand.app.connect.ViewOptions;
import dev.nearhand.app.connect.ViewOptions.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
    private final Windows windows;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(
            index = "0..*",
            arity = "1..*",
            paramLabel = "ADDRESS CODE",
            hideParamSyntax = true,
            description =
                    "Where the other screen is shared, such as 192.0.2.7:47800, and the one-time code that is shown there; "
                            + "spaces do not matter. With --rendezvous the code alone.")
    List<String> words = new ArrayList<>();

    @Mixin
    RendezvousOption rendezvous = new RendezvousOption();

    @Mixin
    IceOptions ice = new IceOptions();

    @Mixin
    WatchOptions watch = new WatchOptions();

    @Option(names = "--no-window", description = "See nothing here: for programs that watch what it prints.")
    boolean noWindow;

    @Option(
            names = "--json",
            description = "Print what happens, and the figures every second, as lines of JSON (without a window only).")
    boolean json;

    ViewCommand(Windows windows) {
        this.windows = windows;
    }

    @Override
    public Integer call() throws InterruptedException {
        ViewOptions options = options();
        if (noWindow || watch.isForAFile()) {
            return watch.headless(json)
                    .run(
                            Objects.requireNonNull(spec).commandLine().getOut(),
                            listener -> ScreenView.connect(options, listener));
        }
        watch.requireDisplay();
        if (watch.lifetime.untilStdinCloses) {
            Lifetime parent = new Lifetime();
            parent.endWhenStdinCloses();
            Thread.ofPlatform().daemon().name("nearhand-parent").start(() -> exitWith(parent));
        }
        return windows.viewer(options, watch.after, watch.snapshot);
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
}
