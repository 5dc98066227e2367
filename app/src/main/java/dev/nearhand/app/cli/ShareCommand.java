package dev.nearhand.app.cli;

import dev.nearhand.app.connect.IceSettings;
import dev.nearhand.app.connect.ScreenShare;
import dev.nearhand.app.connect.ShareOptions;
import dev.nearhand.app.local.LocalMachine;
import dev.nearhand.app.local.ScreenChoice;
import dev.nearhand.app.session.HostConfig;
import dev.nearhand.app.session.SessionStats;
import dev.nearhand.app.signaling.RendezvousAddress;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `nearhand share`.
@Command(
        name = "share",
        description = {
            "Share this screen without a window.",
            "Prints the address and a one-time code, asks here when somebody connects, and goes on until Ctrl-C.",
            ""
        })
final class ShareCommand implements Callable<Integer> {
    @Spec
    @org.jspecify.annotations.Nullable
    CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "" + ShareOptions.DEFAULT_PORT,
            description = "TCP port to listen on, 0 for any; default: ${DEFAULT-VALUE}, or any when that is taken.")
    int port = ShareOptions.DEFAULT_PORT;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            description = "Use only this address of this machine; may be given more than once.")
    List<InetAddress> bind = new ArrayList<>();

    @Mixin
    SourceOptions screen = new SourceOptions();

    @Mixin
    RendezvousOption rendezvous = new RendezvousOption();

    @Mixin
    IceOptions ice = new IceOptions();

    @Mixin
    PictureOptions picture = new PictureOptions();

    @Option(names = "--view-only", description = "Nobody may steer.")
    boolean viewOnly;

    @Option(
            names = "--yes",
            description = "Let everybody in who has the code, without asking. They can do what you can do here.")
    boolean yes;

    @Option(names = "--stats", description = "Print a line a second while somebody watches.")
    boolean stats;

    @Option(names = "--json", description = "Print what happens, and the figures every second, as lines of JSON.")
    boolean json;

    @Mixin
    LifetimeOption lifetimeOption = new LifetimeOption();

    @Override
    public Integer call() throws InterruptedException {
        CommandSpec command = java.util.Objects.requireNonNull(spec);
        Terminal.requireRange(command, "--port", port, 0, 65_535);
        PrintWriter out = command.commandLine().getOut();
        IceSettings reach = ice.settings();
        Optional<RendezvousAddress> meeting = rendezvous.address();
        ScreenChoice choice = screen.choice();
        HostConfig config = picture.config(choice, !viewOnly);
        var devices = LocalMachine.devices(choice);
        TerminalConsent consent = yes ? TerminalConsent.always() : TerminalConsent.asking(out, viewOnly);
        ShareOptions options = new ShareOptions(port, bind, config, reach, meeting);
        try (ScreenShare share = ScreenShare.start(options, devices, new ShareReport(out, consent, json))) {
            Lifetime lifetime = lifetimeOption.begin(share);
            while (!lifetime.ended(1_000)) {
                if (json) {
                    share.stats().map(ReportLine.Figures::new).ifPresent(line -> line.print(out));
                } else if (stats) {
                    share.stats().map(SessionStats::line).ifPresent(line -> Terminal.printLine(out, line));
                }
            }
        }
        return ExitCode.OK;
    }
}
