package dev.nearhand.app.signaling;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/// Where a rendezvous is, as a person types it: `ws://name:port`, or as a [HostAddress]. `wss://` reaches one behind a
/// server that ends TLS for it.
///
/// @param secure whether by TLS
public record RendezvousAddress(boolean secure, HostAddress server) {
    /// Where a rendezvous listens unless told otherwise.
    public static final int DEFAULT_PORT = 47_801;

    private static final int DEFAULT_TLS_PORT = 443;

    /// Where hosts register.
    public static final String REGISTER_PATH = Door.PATH + "/register";

    /// Where the viewers of a host come to; the number follows.
    public static final String HOST_PATH = Door.PATH + "/host/";

    /// Empty when it is no address.
    public static Optional<RendezvousAddress> parse(String typed) {
        String text = typed.strip();
        String lower = text.toLowerCase(Locale.ROOT);
        boolean secure = lower.startsWith("wss://");
        String rest = secure ? text.substring(6) : lower.startsWith("ws://") ? text.substring(5) : text;
        if (rest.endsWith("/")) {
            rest = rest.substring(0, rest.length() - 1);
        }
        return HostAddress.parse(rest, secure ? DEFAULT_TLS_PORT : DEFAULT_PORT)
                .map(server -> new RendezvousAddress(secure, server));
    }

    Endpoint register() {
        return endpoint(REGISTER_PATH);
    }

    /// Where the host of that number is met.
    public Endpoint host(String number) {
        return endpoint(HOST_PATH + number);
    }

    private Endpoint endpoint(String path) {
        URI plain = server.uri(path);
        return new Endpoint(
                secure ? URI.create("wss" + plain.toString().substring(2)) : plain, toString(), server.host());
    }

    @Override
    public String toString() {
        return (secure ? "wss://" : "ws://") + server;
    }
}
