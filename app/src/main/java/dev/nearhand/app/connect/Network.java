package dev.nearhand.app.connect;

import dev.nearhand.app.signaling.RendezvousAddress;
import java.util.Optional;

/// What is known of the way to machines in other networks.
///
/// @param rendezvous where both sides meet
public record Network(IceSettings ice, Optional<RendezvousAddress> rendezvous) {
    /// This network only.
    public static Network local() {
        return new Network(IceSettings.none(), Optional.empty());
    }
}
