package dev.nearhand.app.cli;

import dev.nearhand.app.connect.Consent;
import dev.nearhand.app.connect.ShareListener;
import dev.nearhand.app.session.HostState;
import dev.nearhand.app.signaling.CodeGate;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// What a share does, in lines of text. The lines that begin with [#ADDRESS] and [#CODE] are read by the demo.
record ShareReport(PrintWriter out, TerminalConsent consent) implements ShareListener {
    static final String ADDRESS = "Address: ";
    static final String CODE = "Code:    ";

    @Override
    public void onInvitation(List<String> addresses, String code) {
        synchronized (out) {
            out.println(ADDRESS + String.join("  or  ", addresses));
            out.println(CODE + CodeGate.grouped(code));
            out.println("The other person runs: nearhand view " + addresses.getFirst() + " " + code);
            out.flush();
        }
    }

    @Override
    public CompletableFuture<Consent> onConsentAsked(String viewer) {
        return consent.ask(viewer);
    }

    @Override
    public void onState(String viewer, HostState state, String reason) {
        ShareCommand.printLine(out, viewer + ": " + reason);
    }

    @Override
    public void onControl(boolean allowed, String reason) {
        if (!reason.isEmpty()) {
            ShareCommand.printLine(out, reason);
        }
    }
}
