package dev.nearhand.app.cli;

import dev.nearhand.app.local.LocalMachine;
import dev.nearhand.app.local.ScreenChoice;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `nearhand demo`: a host and a viewer as two processes that find each other as any two machines do.
@Command(
        name = "demo",
        description = {
            "Host and viewer on this machine, as two processes.",
            "Where there is a display, it shows this screen in a window. Elsewhere a synthetic screen is sent, with a "
                    + "statistics line a second, and the last picture is written as PNG.",
            ""
        })
final class DemoCommand implements Callable<Integer> {
    private static final Duration WITHOUT_WINDOW_AFTER = Duration.ofSeconds(10);
    private static final Path WITHOUT_WINDOW_SNAPSHOT = Path.of("nearhand-demo.png");
    private static final long INVITATION_LIMIT_SECONDS = 60;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--after",
            paramLabel = "TIME",
            description = "End so long after the first picture, such as 8s. Without a window otherwise 10s.")
    Optional<Duration> after = Optional.empty();

    @Option(
            names = "--snapshot",
            paramLabel = "FILE.png",
            description = "Write the last picture there. Without a window otherwise to nearhand-demo.png.")
    Optional<Path> snapshot = Optional.empty();

    @Option(names = "--no-window", description = "As if there were no display.")
    boolean noWindow;

    @Mixin
    SourceOptions screen = new SourceOptions();

    @Mixin
    IceOptions ice = new IceOptions();

    private record Invitation(String address, String code) {}

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        ice.settings(); // said here when it cannot be right, not by both children
        boolean window = !noWindow && LocalMachine.hasDisplay();
        Lifetime lifetime = new Lifetime();
        InvitationReader invitations = new InvitationReader();
        try (ChildProcess host = ChildProcess.start(hostArguments(window), invitations)) {
            lifetime.closeAtExit(host);
            Invitation invitation = invitations.await(host);
            Terminal.printLine(out, "A host process shares a screen; a viewer process connects to it.");
            try (ChildProcess viewer =
                    ChildProcess.start(viewerArguments(invitation, window), line -> Terminal.printLine(out, line))) {
                lifetime.closeAtExit(viewer);
                return viewer.await();
            }
        }
    }

    private List<String> hostArguments(boolean window) {
        ScreenChoice choice = screen.choice();
        ScreenChoice.Kind kind =
                choice.kind() == ScreenChoice.Kind.AUTO && !window ? ScreenChoice.Kind.PATTERN : choice.kind();
        List<String> arguments = new ArrayList<>(List.of(
                "share",
                "--yes",
                "--until-stdin-closes",
                "--port=0",
                "--bind=127.0.0.1",
                "--source=" + kind.name().toLowerCase(Locale.ROOT),
                "--size=" + screen.size));
        arguments.addAll(ice.arguments());
        if (!choice.display().isEmpty()) {
            arguments.add("--display=" + choice.display());
        }
        return arguments;
    }

    private List<String> viewerArguments(Invitation invitation, boolean window) {
        List<String> arguments =
                new ArrayList<>(List.of("view", invitation.address(), invitation.code(), "--until-stdin-closes"));
        Optional<Duration> end = window ? after : after.or(() -> Optional.of(WITHOUT_WINDOW_AFTER));
        Optional<Path> picture = window ? snapshot : snapshot.or(() -> Optional.of(WITHOUT_WINDOW_SNAPSHOT));
        arguments.addAll(ice.arguments());
        arguments.add(window ? "--window" : "--stats");
        end.ifPresent(time -> arguments.add("--after=" + time.toMillis() + "ms"));
        picture.ifPresent(file -> arguments.add("--snapshot=" + file));
        return arguments;
    }

    /// Reads the address and the code from what the host prints.
    private static final class InvitationReader implements java.util.function.Consumer<String> {
        private final CompletableFuture<Invitation> invitation = new CompletableFuture<>();
        private String address = "";

        @Override
        public void accept(String line) {
            if (line.startsWith(ShareReport.ADDRESS)) {
                address = line.substring(ShareReport.ADDRESS.length()).strip();
            } else if (line.startsWith(ShareReport.CODE)) {
                invitation.complete(new Invitation(
                        address, line.substring(ShareReport.CODE.length()).replace(" ", "")));
            }
        }

        Invitation await(ChildProcess host) throws InterruptedException {
            for (long second = 0; second < INVITATION_LIMIT_SECONDS && host.isAlive(); second++) {
                try {
                    return invitation.get(1, TimeUnit.SECONDS);
                } catch (TimeoutException _) {
                    // look again whether it lives
                } catch (ExecutionException impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
            throw new CommandException(
                    ExitCode.FAILED, "The host process has not shared a screen; nearhand doctor says what is missing.");
        }
    }
}
