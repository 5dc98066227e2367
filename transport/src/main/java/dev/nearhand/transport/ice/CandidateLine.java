package dev.nearhand.transport.ice;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The text form of a candidate (RFC 8839 section 5.1). Takes what can be understood and never throws; nothing is
/// looked up here, so a host name stays a name.
final class CandidateLine {
    private static final int MAX_LENGTH = 1024;
    private static final String PREFIX = "candidate:";
    private static final int LONGEST_FOUNDATION = 32;
    private static final int LONGEST_HOST_NAME = 253;
    private static final int MOST_DIGITS = 10;

    private CandidateLine() {}

    static String withoutPrefix(String line) {
        String text = line.strip();
        text = text.startsWith("a=") ? text.substring(2) : text;
        return text.regionMatches(true, 0, PREFIX, 0, PREFIX.length()) ? text.substring(PREFIX.length()) : text;
    }

    static @Nullable Candidate parse(String line) {
        String text = withoutPrefix(line);
        if (text.length() > MAX_LENGTH || text.isEmpty() || Character.isWhitespace(text.charAt(0))) {
            return null; // a blank right after the colon is an empty foundation
        }
        String[] tokens = tokens(text.stripTrailing());
        if (tokens.length < 8 || tokens[0].length() > LONGEST_FOUNDATION || !isVisible(tokens[0])) {
            return null;
        }
        long component = number(tokens[1]);
        TransportProtocol transport = TransportProtocol.ofToken(tokens[2]);
        long priority = number(tokens[3]);
        InetSocketAddress address = address(tokens[4], tokens[5]);
        if (component < 1 || component > Candidate.MAX_COMPONENT || transport == null || priority < 0) {
            return null;
        }
        // "typ" comes first among the pairs by the grammar, and elsewhere in what is seen on the wire
        Map<String, String> pairs = pairs(tokens);
        String typ = pairs.remove("typ");
        CandidateType type = typ == null ? null : CandidateType.ofToken(typ);
        if (type == null || address == null) {
            return null;
        }
        String relatedHost = pairs.remove("raddr");
        String relatedPort = pairs.remove("rport");
        InetSocketAddress related =
                relatedHost == null || relatedPort == null ? null : address(relatedHost, relatedPort);
        return new Candidate(
                tokens[0],
                (int) component,
                transport,
                Math.min(priority, Candidate.MAX_PRIORITY),
                address,
                type,
                related,
                pairs);
    }

    static String format(Candidate candidate) {
        StringBuilder line = new StringBuilder(PREFIX)
                .append(candidate.foundation())
                .append(' ')
                .append(candidate.component())
                .append(' ')
                .append(candidate.transport().token())
                .append(' ')
                .append(candidate.priority())
                .append(' ')
                .append(host(candidate.address()))
                .append(' ')
                .append(candidate.address().getPort())
                .append(" typ ")
                .append(candidate.type().token());
        InetSocketAddress related = candidate.relatedAddress();
        if (related != null) {
            line.append(" raddr ").append(host(related)).append(" rport ").append(related.getPort());
        }
        candidate
                .extensions()
                .forEach((name, value) ->
                        line.append(' ').append(name).append(' ').append(value));
        return line.toString();
    }

    private static Map<String, String> pairs(String[] tokens) {
        Map<String, String> pairs = new LinkedHashMap<>();
        int extensions = 0;
        for (int i = 6; i + 1 < tokens.length; i += 2) {
            // "extension-att-name = token", "extension-att-value = *VCHAR": others are passed over, line ends above all
            boolean visible = isVisible(tokens[i]) && isVisible(tokens[i + 1]);
            boolean isOurs = isOurs(tokens[i]);
            if (visible && (isOurs || extensions < Candidate.EXTENSIONS_LIMIT)) {
                boolean isNew = pairs.putIfAbsent(tokens[i], tokens[i + 1]) == null;
                extensions += isNew && !isOurs ? 1 : 0;
            }
        }
        return pairs;
    }

    private static boolean isOurs(String name) {
        return name.equals("typ") || name.equals("raddr") || name.equals("rport");
    }

    private static String host(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        if (ip == null) {
            return address.getHostString();
        }
        String text = ip.getHostAddress();
        int zone = text.indexOf('%'); // a zone means nothing on another host
        return zone < 0 ? text : text.substring(0, zone);
    }

    private static @Nullable InetSocketAddress address(String host, String portText) {
        long port = number(portText);
        if (port < 0 || port > 0xFFFF) {
            return null;
        }
        if (host.indexOf(':') >= 0 || isDottedQuad(host)) {
            InetAddress ip = literal(host);
            return ip == null ? null : new InetSocketAddress(ip, (int) port);
        }
        return isHostName(host) && !isNumber(host)
                ? InetSocketAddress.createUnresolved(host.toLowerCase(Locale.ROOT), (int) port)
                : null;
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            int zone = host.indexOf('%');
            return host.indexOf(':') >= 0
                    ? Inet6Address.ofLiteral(zone < 0 ? host : host.substring(0, zone))
                    : Inet4Address.ofLiteral(host);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /// The number, or -1 when it is none.
    private static long number(String text) {
        return isNumber(text) ? Long.parseLong(text) : -1;
    }

    // --- by hand rather than by patterns: each connection reads a few lines, for which the matcher stays uncompiled

    /// What stands between blanks. `text` neither begins nor ends with one.
    private static String[] tokens(String text) {
        List<String> tokens = new ArrayList<>();
        int start = 0;
        for (int at = 0; at <= text.length(); at++) {
            if (at == text.length() || text.charAt(at) == ' ' || text.charAt(at) == '\t') {
                if (at > start) {
                    tokens.add(text.substring(start, at));
                }
                start = at + 1;
            }
        }
        return tokens.toArray(String[]::new);
    }

    private static boolean isVisible(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < 0x21 || text.charAt(i) > 0x7E) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && digits(text, 0, MOST_DIGITS) == text.length();
    }

    /// Four numbers of one to three digits; what they are worth is for the JDK to say.
    private static boolean isDottedQuad(String text) {
        int at = 0;
        for (int part = 0; part < 4; part++) {
            if (part > 0 && (at == text.length() || text.charAt(at++) != '.')) {
                return false;
            }
            int end = digits(text, at, 3);
            if (end == at) {
                return false;
            }
            at = end;
        }
        return at == text.length();
    }

    /// Where the digits end that begin at `from`, `most` at most.
    private static int digits(String text, int from, int most) {
        int at = from;
        while (at < text.length() && at - from < most && isDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isHostName(String text) {
        int length = text.length();
        if (length == 0
                || length > LONGEST_HOST_NAME
                || !isAlphanumeric(text.charAt(0))
                || !isAlphanumeric(text.charAt(length - 1))) {
            return false;
        }
        for (int i = 1; i < length - 1; i++) {
            char c = text.charAt(i);
            if (!isAlphanumeric(c) && c != '.' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isAlphanumeric(char c) {
        return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
