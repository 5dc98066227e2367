package dev.nearhand.app.cli;

import dev.nearhand.app.connect.Consent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The question for consent on the terminal. A line that answers no question is ignored; no terminal is a refusal.
final class TerminalConsent {
    private final PrintWriter out;
    private final boolean always;
    private final boolean viewOnly;
    private @Nullable CompletableFuture<Consent> open;
    private boolean noTerminal;

    private TerminalConsent(PrintWriter out, boolean always, boolean viewOnly) {
        this.out = out;
        this.always = always;
        this.viewOnly = viewOnly;
    }

    /// Lets everybody in.
    static TerminalConsent always() {
        return new TerminalConsent(new PrintWriter(System.out, true, Charset.defaultCharset()), true, false);
    }

    /// Asks, and reads the answers from standard input.
    ///
    /// @param viewOnly whether steering is out of the question
    static TerminalConsent asking(PrintWriter out, boolean viewOnly) {
        TerminalConsent consent = new TerminalConsent(out, false, viewOnly);
        Thread.ofPlatform().daemon().name("nearhand-consent").start(consent::read);
        return consent;
    }

    synchronized CompletableFuture<Consent> ask(String viewer) {
        if (always) {
            return CompletableFuture.completedFuture(Consent.CONTROL);
        }
        if (noTerminal) {
            Terminal.printLine(
                    out, viewer + " was refused, because nobody can be asked here; --yes lets everybody in.");
            return CompletableFuture.completedFuture(Consent.REFUSED);
        }
        CompletableFuture<Consent> answer = new CompletableFuture<>();
        open = answer;
        out.print("“" + viewer + "” has the right code. "
                + (viewOnly ? "Let them see this screen? [y/N] " : "Let them [v]iew, or [c]ontrol too? [v/c/N] "));
        out.flush();
        answer.whenComplete((_, failure) -> {
            if (failure != null) {
                Terminal.printLine(out, "\nThat question is no longer open.");
            }
        });
        return answer;
    }

    private void read() {
        // standard input belongs to the process and stays open
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answer(line.strip().toLowerCase(Locale.ROOT));
            }
        } catch (IOException _) {
            // as when it ends
        }
        synchronized (this) {
            noTerminal = true;
        }
        answer("");
    }

    private void answer(String line) {
        CompletableFuture<Consent> question;
        synchronized (this) {
            question = open;
            open = null;
        }
        if (question != null) {
            question.complete(
                    switch (line) {
                        case "v", "view", "y", "yes" -> Consent.VIEW_ONLY;
                        case "c", "control" -> viewOnly ? Consent.VIEW_ONLY : Consent.CONTROL;
                        default -> Consent.REFUSED;
                    });
        }
    }
}
