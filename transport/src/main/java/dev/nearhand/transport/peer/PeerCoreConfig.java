package dev.nearhand.transport.peer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The limits of one peer connection, and who helps it to be reached.
///
/// @param maxReceiveMessageBytes largest data channel message taken from the other side; it is told so
/// @param sendBufferBytes how much of all data channels may wait for its first transmission
/// @param iceServers at most [#SERVERS_LIMIT] are asked
/// @param relayOnly whether nothing is sent or taken but through a relay, so that the other side learns no
///     address of this host
/// @param bundlePolicy of the offers
/// @param mdnsCandidates whether the other side is told names of the local link instead of this host's
///     addresses
/// @param discovery as whom TURN servers are asked that the network tells of; null when they are not looked
///     for
public record PeerCoreConfig(
        int maxReceiveMessageBytes,
        int sendBufferBytes,
        List<IceServer> iceServers,
        boolean relayOnly,
        BundlePolicy bundlePolicy,
        boolean mdnsCandidates,
        @Nullable ServerLogin discovery) {
    /// Further servers are not asked.
    public static final int SERVERS_LIMIT = 8;

    public PeerCoreConfig {
        iceServers = List.copyOf(iceServers.subList(0, Math.min(SERVERS_LIMIT, iceServers.size())));
    }

    /// With a transport in every section of an offer.
    public PeerCoreConfig(
            int maxReceiveMessageBytes, int sendBufferBytes, List<IceServer> iceServers, boolean relayOnly) {
        this(maxReceiveMessageBytes, sendBufferBytes, iceServers, relayOnly, BundlePolicy.MAX_COMPAT, false, null);
    }

    /// Without servers.
    public PeerCoreConfig(int maxReceiveMessageBytes, int sendBufferBytes) {
        this(maxReceiveMessageBytes, sendBufferBytes, List.of(), false);
    }

    public static PeerCoreConfig defaults() {
        return new PeerCoreConfig(64 << 20, 128 << 20);
    }
}
