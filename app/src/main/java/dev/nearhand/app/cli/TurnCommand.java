package dev.nearhand.app.cli;

import dev.nearhand.transport.api.TransportException;
import dev.nearhand.transport.api.TurnServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `nearhand turn`.
@Command(
        name = "turn",
        description = {
            "A STUN and TURN server, for machines between which there is no direct way.",
            "It relays to public addresses only, unless told otherwise. Goes on until Ctrl-C.",
            ""
        })
final class TurnCommand implements Callable<Integer> {
    private static final int FILE_LIMIT_BYTES = 1 << 16;
    private static final Pattern PORTS = Pattern.compile("(\\d{1,5})-(\\d{1,5})");

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            required = true,
            description = "Listen and relay on this address of this machine; at most one IPv4 and one IPv6 address.")
    List<InetAddress> bind = new ArrayList<>();

    @Option(
            names = "--external",
            paramLabel = "ADDRESS",
            description = "How the internet sees the address of the same family, behind a NAT that maps ports 1:1.")
    List<InetAddress> external = new ArrayList<>();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "3478",
            description = "UDP and TCP port to listen on, 0 for any; default: ${DEFAULT-VALUE}.")
    int port = 3_478;

    @Option(
            names = "--tls-port",
            paramLabel = "PORT",
            description = "Listen for TLS on this port too, such as 5349 or 443; needs a certificate.")
    Optional<Integer> tlsPort = Optional.empty();

    @Option(names = "--certificate", paramLabel = "FILE", description = "PEM file with the certificate and its chain.")
    Optional<Path> certificate = Optional.empty();

    @Option(names = "--key", paramLabel = "FILE", description = "PEM file with its key.")
    Optional<Path> key = Optional.empty();

    @Option(
            names = "--relay-ports",
            paramLabel = "FIRST-LAST",
            defaultValue = "49152-65535",
            description = "UDP ports to relay from; default: ${DEFAULT-VALUE}.")
    String relayPorts = "49152-65535";

    @Option(
            names = "--realm",
            paramLabel = "NAME",
            defaultValue = "nearhand",
            description = "Name of the service; default: ${DEFAULT-VALUE}.")
    String realm = "nearhand";

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description = "Take time-limited credentials made with the secret in the first line of this file.")
    Optional<Path> secretFile = Optional.empty();

    @Option(
            names = "--user-file",
            paramLabel = "FILE",
            description = "Take the users of this file, each on a line as NAME:PASSWORD.")
    Optional<Path> userFile = Optional.empty();

    @Option(
            names = "--allow-peers",
            paramLabel = "RANGE",
            description = "Relay to this range although it is not public, such as 10.0.0.0/8; may be repeated.")
    List<String> allowPeers = new ArrayList<>();

    @Option(
            names = "--announce",
            description = "Tell the local network where it is, for those that look there (--discover-turn).")
    boolean announces;

    @Mixin
    LifetimeOption lifetimeOption = new LifetimeOption();

    @Override
    public Integer call() throws InterruptedException {
        CommandSpec command = Objects.requireNonNull(spec);
        Terminal.requireRange(command, "--port", port, 0, 65_535);
        TurnServer.Builder builder = configured();
        PrintWriter out = command.commandLine().getOut();
        try (TurnServer server = open(builder)) {
            Lifetime lifetime = lifetimeOption.begin(server);
            for (InetSocketAddress address : server.addresses()) {
                Terminal.printLine(out, "TURN: port " + address.getPort());
            }
            lifetime.await();
        }
        return ExitCode.OK;
    }

    private TurnServer.Builder configured() {
        if (secretFile.isEmpty() && userFile.isEmpty()) {
            throw refused("Name who may use it: --secret-file FILE or --user-file FILE.");
        }
        if (tlsPort.isPresent() && (certificate.isEmpty() || key.isEmpty())) {
            throw refused("--tls-port needs --certificate FILE and --key FILE.");
        }
        Matcher ports = PORTS.matcher(relayPorts);
        if (!ports.matches()) {
            throw refused("--relay-ports has to look like 49152-65535.");
        }
        TurnServer.Builder builder = TurnServer.builder();
        try {
            builder.realm(realm).relayPorts(Integer.parseInt(ports.group(1)), Integer.parseInt(ports.group(2)));
            allowPeers.forEach(builder::allowPeers);
        } catch (IllegalArgumentException wrong) {
            throw refused(wrong.getMessage() + ".");
        }
        for (InetAddress address : bind) {
            builder.listen(new InetSocketAddress(address, port)).relay(address, seenAs(address));
            tlsPort.ifPresent(tls -> builder.listenTls(
                    new InetSocketAddress(address, tls), certificate.orElseThrow(), key.orElseThrow()));
        }
        if (announces) {
            builder.announce();
        }
        secretFile.ifPresent(file -> builder.secret(lines(file).getFirst().strip()));
        userFile.ifPresent(file -> lines(file).forEach(line -> addUser(builder, file, line.strip())));
        return builder;
    }

    private InetAddress seenAs(InetAddress address) {
        return external.stream()
                .filter(seen -> seen.getClass().equals(address.getClass()))
                .findFirst()
                .orElse(address);
    }

    private void addUser(TurnServer.Builder builder, Path file, String line) {
        int colon = line.indexOf(':');
        if (colon < 1 || colon == line.length() - 1) {
            throw refused("Each line of " + file + " has to be NAME:PASSWORD.");
        }
        builder.user(line.substring(0, colon), line.substring(colon + 1));
    }

    private List<String> lines(Path file) {
        try {
            List<String> lines = Files.size(file) > FILE_LIMIT_BYTES
                    ? List.of()
                    : Files.readAllLines(file).stream()
                            .filter(line -> !line.isBlank())
                            .toList();
            if (lines.isEmpty()) {
                throw refused(file + " holds nothing that could be used.");
            }
            return lines;
        } catch (IOException unreadable) {
            throw refused(file + " cannot be read; check that the file is there.");
        }
    }

    private static TurnServer open(TurnServer.Builder builder) {
        try {
            return builder.start();
        } catch (TransportException failure) {
            throw new CommandException(ExitCode.FAILED, "The server cannot be opened: " + failure.getMessage() + ".");
        } catch (IllegalArgumentException wrong) {
            throw new CommandException(ExitCode.USAGE, wrong.getMessage() + ".");
        }
    }

    private CommandLine.ParameterException refused(String sentence) {
        return new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), sentence);
    }
}
