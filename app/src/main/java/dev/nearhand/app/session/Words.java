package dev.nearhand.app.session;

/// Text from elsewhere, fit to be sent or shown.
public final class Words {
    private Words() {}

    /// At most `limit` UTF-16 units of `text`, no half of a character.
    public static String bounded(String text, int limit) {
        if (text.length() <= limit) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
        return text.substring(0, end);
    }

    /// `text` on one line, without control characters and marks of direction, at most `limit` UTF-16 units.
    public static String plain(String text, int limit) {
        return bounded(text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", " ").strip(), limit);
    }
}
