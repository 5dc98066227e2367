package dev.nearhand.transport.dtls;

import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The hash of a certificate, as the session description carries it (RFC 8122 section 5).
///
/// @param algorithm in lower case: `sha-256`, `sha-384`, `sha-512` or `sha-1`; others are kept but match no certificate
/// @param hex the hash in upper case with colons, `AB:CD:…`
public record Fingerprint(String algorithm, String hex) {
    private static final HexFormat COLONS = HexFormat.ofDelimiter(":").withUpperCase();
    private static final int LONGEST_BYTES = 64;

    public Fingerprint {
        algorithm = algorithm.toLowerCase(Locale.ROOT);
        hex = hex.toUpperCase(Locale.ROOT);
    }

    public static Fingerprint of(String algorithm, byte[] hash) {
        return new Fingerprint(algorithm, COLONS.formatHex(hash));
    }

    /// Reads the value of an `a=fingerprint` line, or answers null when it is none.
    public static @Nullable Fingerprint parse(String value) {
        String text = value.strip();
        int end = blank(text, 0);
        if (end == text.length()) {
            return null;
        }
        int start = end;
        while (isBlank(text.charAt(start))) {
            start++; // a stripped text does not end in blanks
        }
        if (blank(text, start) < text.length()) {
            return null;
        }
        String hex = text.substring(start).toUpperCase(Locale.ROOT);
        if (hex.length() > 3 * LONGEST_BYTES || !isHex(hex)) {
            return null;
        }
        return new Fingerprint(text.substring(0, end), hex);
    }

    /// Where the first blank is at or after `from`; the length when there is none.
    private static int blank(String text, int from) {
        int at = from;
        while (at < text.length() && !isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    private static boolean isHex(String hex) {
        try {
            return COLONS.parseHex(hex).length > 0;
        } catch (IllegalArgumentException notHex) {
            return false;
        }
    }

    /// The value of an `a=fingerprint` line.
    @Override
    public String toString() {
        return algorithm + " " + hex;
    }
}
