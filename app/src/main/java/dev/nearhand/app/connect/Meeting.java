package dev.nearhand.app.connect;

import dev.nearhand.app.session.Words;
import dev.nearhand.app.signaling.CodeGate;
import dev.nearhand.app.signaling.Endpoint;
import dev.nearhand.app.signaling.HostAddress;
import dev.nearhand.app.signaling.HostNumber;
import dev.nearhand.app.signaling.RendezvousAddress;
import java.util.Optional;

/// Where a viewer meets its host, from what a person has typed.
sealed interface Meeting {
    /// It can be tried.
    ///
    /// @param code the host's one-time code
    record At(Endpoint endpoint, String code) implements Meeting {
        /// Whether what is connected to is on this machine, and so the host too, or perhaps. Asks the system for a
        /// name's addresses.
        boolean isThisMachine() {
            return LocalAddresses.isThisMachine(endpoint.host());
        }
    }

    /// @param why a sentence for a person
    record Impossible(String why) implements Meeting {}

    static Meeting of(ViewOptions options) {
        return switch (options.target()) {
            case ViewOptions.Target.Direct(String address) -> direct(address, CodeGate.digits(options.code()));
            case ViewOptions.Target.Rendezvous(String address) ->
                atRendezvous(address, CodeGate.digits(options.code()));
        };
    }

    private static Meeting direct(String typed, String code) {
        Optional<HostAddress> address = HostAddress.parse(typed);
        if (address.isEmpty()) {
            return new Impossible(
                    "“" + Words.plain(typed, 80) + "” is no address; it looks like 192.0.2.7:47800 or name:47800.");
        }
        if (code.length() != CodeGate.DIGITS) {
            return new Impossible(digits("A code", CodeGate.DIGITS, code));
        }
        return new At(Endpoint.of(address.get()), code);
    }

    private static Meeting atRendezvous(String typed, String code) {
        Optional<RendezvousAddress> address = RendezvousAddress.parse(typed);
        if (address.isEmpty()) {
            return new Impossible("“" + Words.plain(typed, 80)
                    + "” is no address of a rendezvous; it looks like ws://192.0.2.7:47801 or ws://name:47801.");
        }
        if (code.length() != HostNumber.DIGITS + CodeGate.DIGITS) {
            return new Impossible(digits("The code for a rendezvous", HostNumber.DIGITS + CodeGate.DIGITS, code));
        }
        Endpoint host = address.get().host(code.substring(0, HostNumber.DIGITS));
        return new At(host, code.substring(HostNumber.DIGITS));
    }

    private static String digits(String what, int wanted, String code) {
        return what + " has " + wanted + " digits, this one has " + code.length()
                + "; read it again from the other screen.";
    }
}
