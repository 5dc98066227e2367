package dev.nearhand.app.cli;

import dev.nearhand.app.connect.LocalAddresses;
import dev.nearhand.transport.signaling.HttpEndpoint;
import dev.nearhand.transport.signaling.SignalingServerConfig;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Who may see it, and where: the options that `publish` and `watch` have in common.
final class HttpOptions {
    /// Where the token is looked for when it is not on the command line, which every user of the machine can read.
    static final String TOKEN_VARIABLE = "NEARHAND_TOKEN";

    private static final int TOKEN_BYTES = 16;

    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "The bearer token for the server; without it, the environment variable " + TOKEN_VARIABLE
                    + ". When this machine is the server and there is neither, one is made and printed.")
    String token = "";

    @Option(
            names = "--no-token",
            description = "As server: let everybody in who reaches the port, pages in browsers on this network too.")
    boolean noToken;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            description = "As server: use only this address of this machine; may be given more than once.")
    List<InetAddress> bind = new ArrayList<>();

    private String known() {
        return token.isEmpty() ? System.getenv().getOrDefault(TOKEN_VARIABLE, "") : token;
    }

    /// @throws ParameterException with a sentence for a person
    HttpEndpoint endpoint(URI url) {
        try {
            return HttpEndpoint.of(url).withBearerToken(known());
        } catch (IllegalArgumentException wrong) {
            throw refused(String.valueOf(wrong.getMessage()));
        }
    }

    /// How to listen, with a token in any case unless it is not wanted.
    SignalingServerConfig server(int port) {
        Terminal.requireRange(Objects.requireNonNull(spec), "The port", port, 0, 65_535);
        String secret = known();
        if (secret.isEmpty() && !noToken) {
            byte[] random = new byte[TOKEN_BYTES];
            new SecureRandom().nextBytes(random);
            secret = HexFormat.of().formatHex(random);
        }
        return SignalingServerConfig.onPort(port).withBindAddresses(bind).withBearerToken(noToken ? "" : secret);
    }

    /// Says under which addresses, and with which token.
    ///
    /// @param what such as `Watch it with any WHEP player`
    static void announce(PrintWriter out, String what, SignalingServerConfig config, int port, String path) {
        List<InetAddress> bound =
                config.bindAddresses().isEmpty() ? LocalAddresses.reachable() : config.bindAddresses();
        LocalAddresses.withPort(bound, port).forEach(address -> out.println(what + ": http://" + address + path));
        out.println(
                config.bearerToken().isEmpty()
                        ? "Without a token: whoever reaches this address is let in."
                        : "Token: " + config.bearerToken());
        out.flush();
    }

    private ParameterException refused(String sentence) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), sentence + ".");
    }
}
