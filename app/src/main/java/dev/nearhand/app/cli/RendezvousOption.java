package dev.nearhand.app.cli;

import dev.nearhand.app.signaling.RendezvousAddress;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Where two machines meet that do not reach each other: the option that `share` and `view` have in common.
final class RendezvousOption {
    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--rendezvous",
            paramLabel = "URL",
            description = "Meet at this server, such as ws://name:" + RendezvousAddress.DEFAULT_PORT
                    + ", which runs nearhand " + "rendezvous; for machines that are behind different NATs.")
    String typed = "";

    /// Empty when it was not given.
    ///
    /// @throws ParameterException when it is no address
    Optional<RendezvousAddress> address() {
        if (typed.isEmpty()) {
            return Optional.empty();
        }
        Optional<RendezvousAddress> address = RendezvousAddress.parse(typed);
        if (address.isEmpty()) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "“" + typed + "” is no address of a rendezvous; it looks like ws://name:"
                            + RendezvousAddress.DEFAULT_PORT + ".");
        }
        return address;
    }
}
