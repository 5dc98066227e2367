package dev.nearhand.app.cli;

import dev.nearhand.app.connect.IceSettings;
import dev.nearhand.transport.api.IceServer;
import dev.nearhand.transport.api.IceTransportPolicy;
import dev.nearhand.transport.api.TurnDiscovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Which servers help to get out of this network: the options that `share`, `view` and `demo` have in common.
///
/// The password never has to stand on the command line, where every user of the machine can read it.
final class IceOptions {
    /// Where the password is looked for when there is no file.
    static final String PASSWORD_VARIABLE = "NEARHAND_ICE_PASSWORD";

    private static final int PASSWORD_FILE_LIMIT_BYTES = 4096;

    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--ice-server",
            paramLabel = "URI",
            description = "A STUN or TURN server that helps to connect through NATs and firewalls; up to 8, each as "
                    + "stun:HOST[:PORT], turn:HOST[:PORT][?transport=udp|tcp] or turns:HOST[:PORT] (TURN over TLS).")
    List<String> servers = new ArrayList<>();

    @Option(names = "--ice-user", paramLabel = "NAME", description = "The user name for the TURN servers.")
    String user = "";

    @Option(
            names = "--ice-password-file",
            paramLabel = "FILE",
            description = "Their password is the first line of this file; without it, the environment variable "
                    + PASSWORD_VARIABLE + ".")
    Optional<Path> passwordFile = Optional.empty();

    @Option(
            names = "--ice-policy",
            paramLabel = "WHICH",
            description =
                    "all (default) takes the best way that works; relay goes through a TURN server only, so that the "
                            + "other side learns no address of this machine.")
    Policy policy = Policy.ALL;

    @Option(
            names = "--ice-tcp",
            description =
                    "Let the other side connect over TCP too, where UDP is blocked and this machine can be reached.")
    boolean acceptsTcp;

    @Option(
            names = "--discover-turn",
            description =
                    "Look for TURN servers of this network too (RFC 8155), and ask them as --ice-user, where there is one. "
                            + "Anybody on the local network can claim to be one: it sees who speaks with whom, and no more.")
    boolean discoversTurn;

    @Mixin
    ProxyOptions proxy = new ProxyOptions();

    /// As [IceTransportPolicy], by the names that a person types.
    enum Policy {
        ALL,
        RELAY;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @throws CommandLine.ParameterException with a sentence for a person
    IceSettings settings() {
        if (servers.size() > IceSettings.SERVERS_LIMIT) {
            throw refused(
                    "At most " + IceSettings.SERVERS_LIMIT + " servers can be asked, not " + servers.size() + ".");
        }
        boolean relays = servers.stream().anyMatch(IceOptions::isRelay);
        if (policy == Policy.RELAY && !relays) {
            throw refused("--ice-policy relay needs a TURN server: --ice-server turn:HOST:PORT.");
        }
        boolean asks = relays || discoversTurn && !user.isEmpty();
        String password = asks ? password() : "";
        if (relays && user.isEmpty()) {
            throw refused("A TURN server needs a user name: --ice-user NAME.");
        }
        if (asks && password.isEmpty()) {
            throw refused("A TURN server needs a password: put it into the first line of a file and name that with"
                    + " --ice-password-file, or set " + PASSWORD_VARIABLE + ".");
        }
        List<IceServer> made =
                servers.stream().map(uri -> server(uri, password)).toList();
        IceTransportPolicy transport = policy == Policy.RELAY ? IceTransportPolicy.RELAY : IceTransportPolicy.ALL;
        try {
            return new IceSettings(made, transport, proxy.proxy(made), acceptsTcp, discovery(password));
        } catch (IllegalArgumentException wrong) {
            throw refused("--proxy: " + wrong.getMessage() + ".");
        }
    }

    private Optional<TurnDiscovery> discovery(String password) {
        return discoversTurn ? Optional.of(new TurnDiscovery(user, password)) : Optional.empty();
    }

    /// As arguments for another process of this program, which inherits the environment.
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        servers.forEach(server -> arguments.add("--ice-server=" + server));
        if (!user.isEmpty()) {
            arguments.add("--ice-user=" + user);
        }
        passwordFile.ifPresent(file -> arguments.add("--ice-password-file=" + file));
        arguments.add("--ice-policy=" + policy);
        if (acceptsTcp) {
            arguments.add("--ice-tcp");
        }
        if (discoversTurn) {
            arguments.add("--discover-turn");
        }
        arguments.addAll(proxy.arguments());
        return arguments;
    }

    private static boolean isRelay(String uri) {
        return uri.strip().toLowerCase(Locale.ROOT).startsWith("turn");
    }

    private IceServer server(String uri, String password) {
        try {
            return isRelay(uri) ? IceServer.turn(uri, user, password) : IceServer.stun(uri);
        } catch (IllegalArgumentException wrong) {
            throw refused("--ice-server: " + wrong.getMessage() + ".");
        }
    }

    private String password() {
        if (passwordFile.isEmpty()) {
            return String.valueOf(System.getenv().getOrDefault(PASSWORD_VARIABLE, ""));
        }
        Path file = passwordFile.get();
        try {
            if (Files.size(file) > PASSWORD_FILE_LIMIT_BYTES) {
                throw refused(file + " is too large to hold a password.");
            }
            return Files.readString(file).lines().findFirst().orElse("").strip();
        } catch (IOException unreadable) {
            throw refused("The password cannot be read from " + file + "; check that the file is there.");
        }
    }

    private CommandLine.ParameterException refused(String sentence) {
        return new CommandLine.ParameterException(
                java.util.Objects.requireNonNull(spec).commandLine(), sentence);
    }
}
