package dev.nearhand.app.cli;

import dev.nearhand.transport.api.IceServer;
import dev.nearhand.transport.api.TcpProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// A proxy on the way to TURN servers. That of the system is not taken by itself: a host whose pictures went to a proxy
/// unasked would surprise its user more than one that does not connect.
///
/// The password never has to stand on the command line, where every user of the machine can read it.
final class ProxyOptions {
    /// Where the password is looked for.
    static final String PASSWORD_VARIABLE = "NEARHAND_PROXY_PASSWORD";

    @Option(
            names = "--proxy",
            paramLabel = "URL",
            description =
                    "Reach TURN servers over TCP and TLS through this proxy: http://HOST:PORT or socks5://HOST:PORT.")
    String url = "";

    @Option(
            names = "--proxy-user",
            paramLabel = "NAME",
            description = "The user name that it asks for; the password is in the environment variable "
                    + PASSWORD_VARIABLE + ".")
    String user = "";

    /// @param servers for which it is there
    /// @throws IllegalArgumentException with a sentence for a person
    Optional<TcpProxy> proxy(List<IceServer> servers) {
        if (url.isEmpty()) {
            return Optional.empty();
        }
        if (servers.stream().noneMatch(IceServer::isReachedByStream)) {
            throw new IllegalArgumentException(
                    "a proxy passes on TURN over TCP and TLS only; add --ice-server turns:HOST"
                            + " or turn:HOST?transport=tcp");
        }
        String password = user.isEmpty() ? "" : System.getenv().getOrDefault(PASSWORD_VARIABLE, "");
        return Optional.of(new TcpProxy(url, user, password));
    }

    /// As arguments for another process of this program, which inherits the environment.
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        if (!url.isEmpty()) {
            arguments.add("--proxy=" + url);
        }
        if (!user.isEmpty()) {
            arguments.add("--proxy-user=" + user);
        }
        return arguments;
    }
}
