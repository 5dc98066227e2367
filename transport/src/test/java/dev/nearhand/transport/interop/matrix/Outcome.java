package dev.nearhand.transport.interop.matrix;

/// How one cell went.
///
/// @param why empty when it works
record Outcome(Verdict verdict, String why) {
    enum Verdict {
        WORKS,
        FAILS,
        /// For a reason that lies in the other program.
        CANNOT_BE
    }

    static final Outcome WORKS = new Outcome(Verdict.WORKS, "");

    static Outcome fails(String why) {
        return new Outcome(Verdict.FAILS, why.lines().findFirst().orElse("no reason"));
    }

    static Outcome cannotBe(String why) {
        return new Outcome(Verdict.CANNOT_BE, why);
    }
}
