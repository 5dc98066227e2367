package dev.nearhand.app.cli;

import dev.nearhand.app.connect.IceSettings;
import dev.nearhand.app.connect.ScreenPublication;
import dev.nearhand.app.local.LocalMachine;
import dev.nearhand.app.local.ScreenChoice;
import dev.nearhand.app.session.HostConfig;
import dev.nearhand.transport.signaling.SignalingServerConfig;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `nearhand publish`.
@Command(
        name = "publish",
        description = {
            "Show this screen to programs other than Nearhand, through WHIP and WHEP.",
            "Sends it to a server, or serves it to any WHEP player; goes on until Ctrl-C. Nobody can steer, and the "
                    + "pointer is not in the picture.",
            ""
        })
final class PublishCommand implements Callable<Integer> {
    /// To a server, or as one.
    static final class Way {
        @Option(
                names = "--whip",
                paramLabel = "URL",
                description = "Send it to this WHIP endpoint, such as https://example.net/whip/my-stream.")
        @Nullable
        URI whip;

        @Option(
                names = "--whep-listen",
                paramLabel = "PORT",
                description = "Serve it by WHEP on this TCP port, 0 for any.")
        @Nullable
        Integer port;
    }

    @Spec
    @Nullable
    CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    Way way = new Way();

    @Mixin
    HttpOptions http = new HttpOptions();

    @Mixin
    SourceOptions screen = new SourceOptions();

    @Mixin
    PictureOptions picture = new PictureOptions();

    @Mixin
    IceOptions ice = new IceOptions();

    @Option(names = "--stats", description = "Print a line a second.")
    boolean stats;

    @Mixin
    LifetimeOption lifetimeOption = new LifetimeOption();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        IceSettings reach = ice.settings();
        ScreenChoice choice = screen.choice();
        HostConfig config = picture.config(choice, false);
        Report report = new Report(out);
        try (ScreenPublication publication = start(out, reach, choice, config, report)) {
            lifetimeOption.bind(report.lifetime, publication);
            while (!report.lifetime.ended(1_000)) {
                if (stats) {
                    Terminal.printLine(out, publication.stats().line());
                }
            }
        }
        if (report.endReason.isPresent()) {
            throw new CommandException(ExitCode.FAILED, report.endReason.get());
        }
        return ExitCode.OK;
    }

    private ScreenPublication start(
            PrintWriter out, IceSettings reach, ScreenChoice choice, HostConfig config, Report report) {
        URI whip = way.whip;
        if (whip != null) {
            var endpoint = http.endpoint(whip);
            Terminal.printLine(out, "Asking the server …");
            return ScreenPublication.toWhip(endpoint, reach, config, LocalMachine.devices(choice), report);
        }
        SignalingServerConfig server = http.server(Objects.requireNonNull(way.port));
        ScreenPublication served =
                ScreenPublication.asWhep(server, reach, config, LocalMachine.devices(choice), report);
        HttpOptions.announce(out, "Watch it with any WHEP player", server, served.port(), ScreenPublication.WHEP_PATH);
        return served;
    }

    private static final class Report implements ScreenPublication.Listener {
        private final PrintWriter out;
        private final Lifetime lifetime = new Lifetime();
        private volatile Optional<String> endReason = Optional.empty();

        Report(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void onState(String sentence) {
            Terminal.printLine(out, sentence);
        }

        @Override
        public void onEnded(String reason) {
            endReason = Optional.of(reason);
            lifetime.end();
        }
    }
}
