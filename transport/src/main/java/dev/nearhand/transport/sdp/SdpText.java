package dev.nearhand.transport.sdp;

import java.util.ArrayList;
import java.util.List;

/// The small text rules that all lines share.
final class SdpText {
    private SdpText() {}

    /// A value that held a line break would smuggle lines into what we write.
    static void requireOneLine(String value) {
        if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a value of a description stays on its line");
        }
    }

    /// The words between runs of blanks; none for an empty text.
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int start = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean blank = i == text.length() || text.charAt(i) == ' ' || text.charAt(i) == '\t';
            if (blank && start >= 0) {
                words.add(text.substring(start, i));
                start = -1;
            } else if (!blank && start < 0) {
                start = i;
            }
        }
        return List.copyOf(words);
    }

    /// The number that `text` writes in ASCII digits, or -1 when it is none or larger than `max`.
    static long number(String text, long max) {
        if (text.isEmpty() || text.length() > 19) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || value > (max - digit) / 10) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
