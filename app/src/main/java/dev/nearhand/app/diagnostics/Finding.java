package dev.nearhand.app.diagnostics;

/// What was found out about one thing.
///
/// @param subject what was looked at
/// @param detail what was found, without addresses and names of people
/// @param remedy what to do about it; empty when there is nothing to do
public record Finding(String subject, Verdict verdict, String detail, String remedy) {
    /// How good or bad it is.
    public enum Verdict {
        WORKS,
        /// Something can do without it.
        OPTIONAL_MISSING,
        /// Nothing works without it.
        MISSING
    }

    static Finding works(String subject, String detail) {
        return new Finding(subject, Verdict.WORKS, detail, "");
    }

    static Finding optional(String subject, String detail, String remedy) {
        return new Finding(subject, Verdict.OPTIONAL_MISSING, detail, remedy);
    }

    static Finding missing(String subject, String detail, String remedy) {
        return new Finding(subject, Verdict.MISSING, detail, remedy);
    }
}
