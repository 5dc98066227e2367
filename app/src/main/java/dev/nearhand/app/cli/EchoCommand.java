package dev.nearhand.app.cli;

import dev.nearhand.app.echo.EchoClient;
import dev.nearhand.app.echo.EchoException;
import dev.nearhand.app.echo.EchoServer;
import dev.nearhand.transport.api.PeerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `nearhand echo`.
@Command(
        name = "echo",
        description = {
            "Try another WebRTC program, or be tried by it (the HTTP protocol of webrtc-echoes).",
            "With a URL: posts an offer there and tests the connection. Without one: a server that answers offers posted to "
                    + "/offer, and sends back what comes over data channels and as video. Goes on until Ctrl-C.",
            ""
        })
final class EchoCommand implements Callable<Integer> {
    /// What `--test` takes.
    enum TestName {
        peer,
        data
    }

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "URL", description = "Such as http://localhost:8080/offer.")
    @Nullable
    URI url;

    @Option(
            names = "--test",
            paramLabel = "NAME",
            defaultValue = "data",
            description =
                    "peer: it connects; data: a word sent over a data channel comes back; default: ${DEFAULT-VALUE}.")
    TestName test = TestName.data;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Of the server: TCP port to listen on, 0 for any; default: ${DEFAULT-VALUE}.")
    int port = 8080;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Of the server: the address to listen on; default: ${DEFAULT-VALUE}.")
    @Nullable
    InetAddress bind;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "Of the client: how long each step may take; default: ${DEFAULT-VALUE}.")
    Duration timeout = Duration.ofSeconds(10);

    @Mixin
    LifetimeOption lifetimeOption = new LifetimeOption();

    @Override
    public Integer call() throws InterruptedException {
        CommandSpec command = Objects.requireNonNull(spec);
        Terminal.requireRange(command, "--port", port, 0, 65_535);
        PrintWriter out = command.commandLine().getOut();
        // two programs on one machine meet on its loopback
        PeerConfig config = PeerConfig.defaults().withLoopback(true);
        return url == null ? serve(out, config) : test(out, config, url);
    }

    private int test(PrintWriter out, PeerConfig config, URI address) throws InterruptedException {
        try {
            EchoClient.Test wanted =
                    test == TestName.peer ? EchoClient.Test.PEER_CONNECTION : EchoClient.Test.DATA_CHANNEL;
            new EchoClient(address, config, timeout).run(wanted);
        } catch (EchoException failure) {
            throw new CommandException(ExitCode.FAILED, Objects.toString(failure.getMessage()));
        } catch (IllegalArgumentException bad) {
            throw new CommandException(ExitCode.USAGE, "Not an address that HTTP can be spoken with: " + address + ".");
        }
        Terminal.printLine(out, "Passed: " + test);
        return ExitCode.OK;
    }

    private int serve(PrintWriter out, PeerConfig config) throws InterruptedException {
        try (EchoServer server = EchoServer.open(new InetSocketAddress(bind, port), config)) {
            Lifetime lifetime = lifetimeOption.begin(server);
            Terminal.printLine(out, "Echo: port " + server.port());
            lifetime.await();
        } catch (IOException taken) {
            throw new CommandException(
                    ExitCode.FAILED, "Port " + port + " cannot be opened on this machine; choose another one.");
        }
        return ExitCode.OK;
    }
}
