package dev.nearhand.transport.sdp;

import org.jspecify.annotations.Nullable;

/// `a=rid`: a name for one of the streams of a section (RFC 8851 section 4). Its restrictions are kept and not read.
///
/// @param id 1–[#MAX_ID_LENGTH] letters and digits, `-` and `_`
/// @param sends whether whoever wrote it sends the stream
/// @param restrictions what follows the direction, or empty
public record Rid(String id, boolean sends, String restrictions) {
    /// What fits in a header extension of the short form (RFC 8285 section 4.2).
    public static final int MAX_ID_LENGTH = 16;

    static @Nullable Rid parse(String value) {
        var words = SdpText.words(value);
        if (words.size() < 2 || !isId(words.getFirst())) {
            return null;
        }
        boolean sends = words.get(1).equals("send");
        return sends || words.get(1).equals("recv")
                ? new Rid(words.getFirst(), sends, String.join(" ", words.subList(2, words.size())))
                : null;
    }

    static boolean isId(String word) {
        return !word.isEmpty()
                && word.length() <= MAX_ID_LENGTH
                && word.chars().allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || c == '-' || c == '_'));
    }

    public Attribute toAttribute() {
        String tail = restrictions.isEmpty() ? "" : " " + restrictions;
        return new Attribute("rid", id + (sends ? " send" : " recv") + tail);
    }
}
