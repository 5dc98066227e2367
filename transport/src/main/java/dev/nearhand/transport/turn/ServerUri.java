package dev.nearhand.transport.turn;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a STUN or TURN server is ([RFC 7064](https://www.rfc-editor.org/rfc/rfc7064) and [RFC
/// 7065](https://www.rfc-editor.org/rfc/rfc7065)).
///
/// @param host a name, or an IP address without brackets
/// @param port the one that was named, or the usual one
/// @param transport the one that was named, or the usual one
/// @param namesPort whether the port was named
/// @param namesTransport whether the transport was named
public record ServerUri(
        Kind kind, String host, int port, Transport transport, boolean namesPort, boolean namesTransport) {
    /// What the server does.
    public enum Kind {
        STUN,
        TURN
    }

    /// How it is reached.
    public enum Transport {
        UDP,
        TCP,
        TLS
    }

    /// Of STUN and TURN over UDP and TCP.
    public static final int DEFAULT_PORT = 3_478;

    /// Of TURN over TLS.
    public static final int DEFAULT_TLS_PORT = 5_349;

    private static final Pattern FORM =
            Pattern.compile("([A-Za-z]+):(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?(?:\\?(.*))?");

    /// With everything named.
    public ServerUri(Kind kind, String host, int port, Transport transport) {
        this(kind, host, port, transport, true, true);
    }

    /// Reads `stun:host`, `turn:host:port?transport=udp` and their kin.
    ///
    /// @throws IllegalArgumentException when it is none, with a sentence that says what is wrong
    public static ServerUri parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw refused(text, "it has to look like stun:host:port or turn:host:port?transport=udp");
        }
        String scheme = form.group(1).toLowerCase(Locale.ROOT);
        Kind kind =
                switch (scheme) {
                    case "stun" -> Kind.STUN;
                    case "turn", "turns" -> Kind.TURN;
                    case "stuns" -> throw refused(text, "STUN over TLS tells nothing about UDP; use stun:");
                    default -> throw refused(text, "only stun:, turn: and turns: are known");
                };
        boolean secure = scheme.equals("turns");
        Transport transport = transport(text, kind, secure, form.group(4));
        String host = form.group(2);
        boolean bracketed = host.startsWith("[");
        return new ServerUri(
                kind,
                bracketed ? host.substring(1, host.length() - 1) : host,
                port(text, secure, form.group(3)),
                transport,
                form.group(3) != null,
                // there is one transport only for these
                kind == Kind.STUN || secure || form.group(4) != null);
    }

    private static Transport transport(String text, Kind kind, boolean secure, @Nullable String query) {
        if (query == null) {
            return secure ? Transport.TLS : Transport.UDP;
        }
        if (kind == Kind.STUN) {
            throw refused(text, "a stun: address has nothing behind the port");
        }
        return switch (query.toLowerCase(Locale.ROOT)) {
            case "transport=udp" -> {
                if (secure) {
                    throw refused(text, "TURN over DTLS is not supported; use turns: with transport=tcp, or turn:");
                }
                yield Transport.UDP;
            }
            case "transport=tcp" -> secure ? Transport.TLS : Transport.TCP;
            default -> throw refused(text, "behind the question mark only transport=udp and transport=tcp are known");
        };
    }

    private static int port(String text, boolean secure, @Nullable String port) {
        if (port == null) {
            return secure ? DEFAULT_TLS_PORT : DEFAULT_PORT;
        }
        int number = Integer.parseInt(port);
        if (number < 1 || number > 65_535) {
            throw refused(text, "a port is 1 to 65535");
        }
        return number;
    }

    private static IllegalArgumentException refused(String text, String why) {
        String shown = text.length() > 100 ? text.substring(0, 100) + "…" : text;
        return new IllegalArgumentException("\"" + shown + "\" is not the address of a server: " + why);
    }

    /// Says no host.
    @Override
    public String toString() {
        return "ServerUri[" + kind + " " + transport + "]";
    }
}
