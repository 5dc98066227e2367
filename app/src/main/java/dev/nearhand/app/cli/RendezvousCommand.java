package dev.nearhand.app.cli;

import dev.nearhand.app.rendezvous.RendezvousServer;
import dev.nearhand.app.signaling.RendezvousAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `nearhand rendezvous`.
@Command(
        name = "rendezvous",
        description = {
            "A server at which machines meet that do not reach each other.",
            "It passes on what they say while they connect, and nothing else: pictures and input never go through it. "
                    + "Goes on until Ctrl-C.",
            ""
        })
final class RendezvousCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "" + RendezvousAddress.DEFAULT_PORT,
            description = "TCP port to listen on, 0 for any; default: ${DEFAULT-VALUE}.")
    int port = RendezvousAddress.DEFAULT_PORT;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            description = "Listen only on this address of this machine; may be given more than once.")
    List<InetAddress> bind = new ArrayList<>();

    @Option(
            names = "--hosts",
            paramLabel = "N",
            defaultValue = "2000",
            description = "At most so many hosts at a time, 1 to 100000; default: ${DEFAULT-VALUE}.")
    int hosts = 2_000;

    @Mixin
    LifetimeOption lifetimeOption = new LifetimeOption();

    @Override
    public Integer call() throws InterruptedException {
        CommandSpec command = Objects.requireNonNull(spec);
        Terminal.requireRange(command, "--port", port, 0, 65_535);
        Terminal.requireRange(command, "--hosts", hosts, 1, 100_000);
        PrintWriter out = command.commandLine().getOut();
        try (RendezvousServer server = open()) {
            Lifetime lifetime = lifetimeOption.begin(server);
            Terminal.printLine(out, "Rendezvous: port " + server.port());
            Terminal.printLine(
                    out, "Share with: nearhand share --rendezvous ws://NAME-OF-THIS-MACHINE:" + server.port());
            lifetime.await();
        }
        return ExitCode.OK;
    }

    private RendezvousServer open() {
        try {
            return RendezvousServer.open(bind, port, RendezvousServer.Limits.ofHosts(hosts));
        } catch (IOException taken) {
            throw new CommandException(
                    ExitCode.FAILED, "Port " + port + " cannot be opened on this machine; choose another one.");
        }
    }
}
