package dev.nearhand.app.cli;

import dev.nearhand.app.connect.Consent;
import dev.nearhand.app.connect.Invitation;
import dev.nearhand.app.connect.ShareListener;
import dev.nearhand.app.session.HostState;
import dev.nearhand.app.signaling.CodeGate;
import java.io.PrintWriter;
import java.util.concurrent.CompletableFuture;

/// What a share does, in lines of text. The lines that begin with [#ADDRESS] and [#CODE] are read by the demo.
///
/// @param json whether they are for programs
record ShareReport(PrintWriter out, TerminalConsent consent, boolean json) implements ShareListener {
    static final String ADDRESS = "Address: ";
    static final String CODE = "Code:    ";
    static final String RENDEZVOUS_CODE = "Code at the rendezvous: ";

    @Override
    public void onInvitation(Invitation invitation) {
        if (json) {
            new ReportLine.Invited(invitation).print(out);
            return;
        }
        String direct = "nearhand view " + invitation.addresses().getFirst() + " " + invitation.code();
        synchronized (out) {
            out.println(ADDRESS + String.join("  or  ", invitation.addresses()));
            out.println(CODE + CodeGate.grouped(invitation.code()));
            if (invitation.isMetAtRendezvous()) {
                out.println(RENDEZVOUS_CODE + CodeGate.grouped(invitation.rendezvousCode()));
                out.println("The other person runs: nearhand view --rendezvous " + invitation.rendezvous() + " "
                        + invitation.rendezvousCode());
                out.println("In this network also: " + direct);
            } else {
                out.println("The other person runs: " + direct);
            }
            out.flush();
        }
    }

    @Override
    public void onTrouble(String sentence) {
        if (json) {
            new ReportLine.Trouble(sentence).print(out);
        } else {
            Terminal.printLine(out, sentence);
        }
    }

    @Override
    public CompletableFuture<Consent> onConsentAsked(String viewer) {
        return consent.ask(viewer);
    }

    @Override
    public void onState(String viewer, HostState state, String reason) {
        if (json) {
            new ReportLine.State(state.name(), reason).print(out);
        } else {
            Terminal.printLine(out, viewer + ": " + reason);
        }
    }

    @Override
    public void onControl(boolean allowed, String reason) {
        if (!reason.isEmpty() && !json) {
            Terminal.printLine(out, reason);
        }
    }
}
