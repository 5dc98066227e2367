package dev.nearhand.transport.signaling;

import dev.nearhand.transport.api.IceServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// ICE servers in `Link` header fields ([RFC 9725 section 4.6](https://www.rfc-editor.org/rfc/rfc9725#section-4.6)):
///
/// `<turn:turn.example.net?transport=udp>; rel="ice-server"; username="user"; credential="secret"`
///
/// Reading never throws: a link that is none, or of another relation, or no server we could use, is passed over.
final class IceServerLinks {
    /// So many servers are taken from one response.
    static final int LIMIT = 16;

    private static final String RELATION = "ice-server";

    private IceServerLinks() {}

    static String write(IceServer server) {
        StringBuilder link =
                new StringBuilder("<").append(server.url()).append(">; rel=\"").append(RELATION);
        link.append('"');
        if (!server.username().isEmpty()) {
            link.append("; username=").append(quoted(server.username()));
            link.append("; credential=").append(quoted(server.credential()));
            link.append("; credential-type=\"password\"");
        }
        return link.toString();
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /// @param fields each of which may hold several links, with commas between them
    static List<IceServer> read(List<String> fields) {
        List<IceServer> servers = new ArrayList<>();
        for (String field : fields) {
            for (Link link : new Reader(field).links()) {
                if (servers.size() < LIMIT
                        && List.of(link.parameter("rel").split(" +")).contains(RELATION)) {
                    add(servers, link);
                }
            }
        }
        return List.copyOf(servers);
    }

    private static void add(List<IceServer> servers, Link link) {
        try {
            servers.add(new IceServer(link.target, link.parameter("username"), link.parameter("credential")));
        } catch (IllegalArgumentException unusable) {
            // `turns:` of a kind we cannot speak, or a TURN server without credentials: the others may do
        }
    }

    private record Link(String target, Map<String, String> parameters) {
        String parameter(String name) {
            return parameters.getOrDefault(name, "");
        }
    }

    /// The grammar of [RFC 8288 section 3](https://www.rfc-editor.org/rfc/rfc8288#section-3), forgivingly.
    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        List<Link> links() {
            List<Link> links = new ArrayList<>();
            while (at < text.length() && links.size() < 4 * LIMIT) {
                int open = text.indexOf('<', at);
                int close = open < 0 ? -1 : text.indexOf('>', open);
                if (close < 0) {
                    break;
                }
                at = close + 1;
                links.add(new Link(text.substring(open + 1, close).strip(), parameters()));
            }
            return links;
        }

        /// Up to the comma before the next link.
        private Map<String, String> parameters() {
            Map<String, String> parameters = new LinkedHashMap<>();
            while (at < text.length() && text.charAt(at) != ',') {
                if (text.charAt(at) == ';' || text.charAt(at) == ' ' || text.charAt(at) == '\t') {
                    at++;
                    continue;
                }
                String name = until("=;,").strip().toLowerCase(Locale.ROOT);
                String value = "";
                if (at < text.length() && text.charAt(at) == '=') {
                    at++;
                    value = value();
                }
                parameters.putIfAbsent(name, value);
            }
            at++;
            return parameters;
        }

        private String value() {
            while (at < text.length() && text.charAt(at) == ' ') {
                at++;
            }
            if (at >= text.length() || text.charAt(at) != '"') {
                return until(";,").strip();
            }
            StringBuilder value = new StringBuilder();
            for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at));
            }
            at++;
            return value.toString();
        }

        private String until(String ends) {
            int start = at;
            while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(start, at);
        }
    }
}
