package dev.nearhand.app.peer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the label of a bulk channel says: `bulk|RUN|SECONDS|VERIFY`.
///
/// @param seconds after which the receiver looks no further, 0 for never
record BulkLabel(String run, double seconds, boolean isVerified) {
    static final int MOST_SECONDS = 3_600;

    private static final Pattern SYNTAX = Pattern.compile("bulk\\|([^|]{1,64})\\|(\\d{1,4}(?:\\.\\d{1,9})?)\\|([01])");

    /// Empty where it is none.
    static Optional<BulkLabel> parse(String label) {
        Matcher parts = SYNTAX.matcher(label);
        return parts.matches() && Double.parseDouble(parts.group(2)) <= MOST_SECONDS
                ? Optional.of(new BulkLabel(
                        parts.group(1),
                        Double.parseDouble(parts.group(2)),
                        parts.group(3).equals("1")))
                : Optional.empty();
    }

    String text() {
        String number = seconds == Math.rint(seconds) ? Long.toString((long) seconds) : "%.3f".formatted(seconds);
        return "bulk|" + run + "|" + number + "|" + (isVerified ? 1 : 0);
    }
}
