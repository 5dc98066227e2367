package dev.nearhand.app.signaling;

import java.util.regex.Pattern;

/// Under which a rendezvous finds a host: six digits. It stands before the host's one-time code, so that a person types
/// one thing; the rendezvous is told the number, and never looks at the code.
public final class HostNumber {
    public static final int DIGITS = 6;

    private static final Pattern FORM = Pattern.compile("\\d{" + DIGITS + "}");

    private HostNumber() {}

    public static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }
}
