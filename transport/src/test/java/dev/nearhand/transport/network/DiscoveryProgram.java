package dev.nearhand.transport.network;

import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.TurnDiscovery;
import dev.nearhand.transport.api.TurnServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// A TURN server that announces itself, or a program that looks for one, as a process of its own that goes on
/// until its input ends.
final class DiscoveryProgram {
    static final String USERNAME = "nearhand";
    static final String CREDENTIAL = "a credential";

    private DiscoveryProgram() {}

    /// @param args `serve` and an address of the machine, or `look`
    public static void main(String[] args) {
        if (args[0].equals("serve")) {
            serve(InetAddress.ofLiteral(args[1]));
        } else {
            look();
        }
    }

    private static void serve(InetAddress address) {
        try (TurnServer _ = TurnServer.builder()
                .listen(new InetSocketAddress(address, 3_478))
                .relay(address)
                .allowPeers("0.0.0.0/0")
                .user(USERNAME, CREDENTIAL)
                .announce()
                .start()) {
            IO.println("serving");
            awaitEnd();
        }
    }

    /// Prints the candidates that it finds without a server that it was told of.
    private static void look() {
        PeerConfig config = PeerConfig.defaults().withTurnDiscovery(new TurnDiscovery(USERNAME, CREDENTIAL));
        try (PeerConnection connection = PeerConnection.create(config)) {
            connection.onIceCandidate(found -> IO.println("found " + found.candidate()));
            connection.createDataChannel("nothing");
            connection.offerAsync().thenAccept(offer -> {
                offer.sdp()
                        .lines()
                        .filter(line -> line.startsWith("a=candidate:"))
                        .forEach(line -> IO.println("found " + line));
                IO.println("offered");
            });
            awaitEnd();
        }
    }

    private static void awaitEnd() {
        while (IO.readln() != null) {
            // nothing is asked of it
        }
    }
}
