package dev.nearhand.app.cli;

import dev.nearhand.app.peer.PeerProgram;
import dev.nearhand.transport.api.PeerConnection;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `nearhand peer`.
@Command(
        name = "peer",
        description = {
            "Be driven by a test or benchmark program: WebRTC connections and data channels.",
            "Commands are read from standard input, one JSON object a line; replies and events are written to standard "
                    + "output (docs/peer.md). Ends with its input, or by the command quit.",
            ""
        })
final class PeerCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--warm-up",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Connect with itself a few times at the start, in the background, as the other commands do.")
    boolean warmsUp = true;

    @Override
    public Integer call() throws InterruptedException {
        CommandSpec command = Objects.requireNonNull(spec);
        if (warmsUp) {
            PeerConnection.warmUp();
        }
        try {
            new PeerProgram(System.in, command.commandLine().getOut(), Version.number()).run();
        } catch (IOException gone) {
            throw new CommandException(ExitCode.FAILED, "Standard input cannot be read any more.");
        }
        return ExitCode.OK;
    }
}
