package dev.nearhand.app.connect;

import dev.nearhand.app.signaling.CodeGate;
import dev.nearhand.app.signaling.Refusal;
import dev.nearhand.app.signaling.SignalMessage;

/// What becomes of a viewer who has said a code.
sealed interface Admission {
    record Admitted() implements Admission {}

    /// @param codeReplaced whether there is a new code now
    record Refused(SignalMessage.Refused because, boolean codeReplaced) implements Admission {}

    static Admission of(CodeGate.Verdict verdict) {
        return switch (verdict) {
            case CodeGate.Verdict.Right() -> new Admitted();
            case CodeGate.Verdict.Wrong(int left) ->
                refused(
                        Refusal.WRONG_CODE,
                        "The code is not right; " + (left == 1 ? "one try is" : left + " tries are")
                                + " left before it changes.");
            case CodeGate.Verdict.Replaced() ->
                new Refused(
                        Refusal.WRONG_CODE.because(
                                "The code is not right, and it has changed now; ask for the new one."),
                        true);
            case CodeGate.Verdict.Locked(long seconds) ->
                refused(Refusal.LOCKED, "Too many wrong codes have been tried; try again in " + seconds + " s.");
        };
    }

    static Refused busy() {
        return refused(
                Refusal.BUSY, "Somebody else is connected to that screen already; try again when they have left.");
    }

    private static Refused refused(Refusal cause, String message) {
        return new Refused(cause.because(message), false);
    }
}
