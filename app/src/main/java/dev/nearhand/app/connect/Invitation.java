package dev.nearhand.app.connect;

import java.util.List;

/// What the next viewer has to know.
///
/// @param addresses where this machine listens itself, the best one first, each `host:port`
/// @param code nine digits, for those who connect to such an address
/// @param rendezvous where this machine can be met from other networks too; empty when there is none, or it is out of
///     reach
/// @param rendezvousCode fifteen digits, for those who come along it
public record Invitation(List<String> addresses, String code, String rendezvous, String rendezvousCode) {
    public Invitation {
        addresses = List.copyOf(addresses);
    }

    /// Whether it can be met at a rendezvous.
    public boolean isMetAtRendezvous() {
        return !rendezvous.isEmpty();
    }

    /// Says no address and no code.
    @Override
    public String toString() {
        return "Invitation[" + addresses.size() + " addresses]";
    }
}
