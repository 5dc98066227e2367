package dev.nearhand.app.signaling;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a host listens, as a person types it: `name`, `name:port`, `192.0.2.7:47800`, `[2001:db8::7]:47800`, or a bare
/// IPv6 address.
///
/// @param host without brackets
public record HostAddress(String host, int port) {
    /// Where hosts listen unless told otherwise.
    public static final int DEFAULT_PORT = 47_800;

    private static final int LENGTH_LIMIT = 260;
    private static final Pattern NAME = Pattern.compile("([\\p{L}\\p{N}._-]+)(?::(\\d{1,5}))?");
    private static final Pattern BRACKETED = Pattern.compile("\\[([0-9a-fA-F:.]+)](?::(\\d{1,5}))?");
    private static final Pattern BARE_IPV6 = Pattern.compile("(?=.*::|(?:[^:]*:){7})[0-9a-fA-F:.]+");

    /// Empty when it is no address.
    public static Optional<HostAddress> parse(String typed) {
        return parse(typed, DEFAULT_PORT);
    }

    /// Empty when it is no address.
    static Optional<HostAddress> parse(String typed, int defaultPort) {
        String text = typed.strip();
        if (text.length() > LENGTH_LIMIT) {
            return Optional.empty();
        }
        if (BARE_IPV6.matcher(text).matches()) {
            return Optional.of(new HostAddress(text, defaultPort));
        }
        for (Pattern pattern : new Pattern[] {NAME, BRACKETED}) {
            Matcher matcher = pattern.matcher(text);
            if (matcher.matches()) {
                int port = matcher.group(2) == null ? defaultPort : Integer.parseInt(matcher.group(2));
                return port >= 1 && port <= 65_535
                        ? Optional.of(new HostAddress(matcher.group(1), port))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /// The WebSocket of the host.
    URI uri(String path) {
        String name = host.contains(":") ? "[" + host + "]" : java.net.IDN.toASCII(host);
        return URI.create("ws://" + name + ":" + port + path);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
