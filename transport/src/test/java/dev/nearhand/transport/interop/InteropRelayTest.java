package dev.nearhand.transport.interop;

import dev.nearhand.testing.interop.Coturn;
import dev.nearhand.testing.interop.ForeignPeer;
import dev.nearhand.testing.interop.OutwardInterface;
import dev.nearhand.transport.api.IceTransportPolicy;
import dev.nearhand.transport.api.PeerConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Other programs meet us through coturn: they see our relayed address and nothing else of us.
class InteropRelayTest {
    @TempDir
    private Path folder;

    @Test
    void aiortcReachesUsThroughTheRelay() throws Exception {
        try (OutwardInterface _ = new OutwardInterface();
                Coturn server = Coturn.start(folder, OutwardInterface.address());
                ForeignPeer aiortc = ForeignPrograms.aiortc(folder)) {
            EchoExchange.offering(aiortc, relayOnly(server));
        }
    }

    @Test
    void pionReachesUsThroughTheRelay() throws Exception {
        try (OutwardInterface _ = new OutwardInterface();
                Coturn server = Coturn.start(folder, OutwardInterface.address());
                ForeignPeer pion = ForeignPrograms.pion(folder)) {
            EchoExchange.offering(pion, relayOnly(server));
        }
    }

    private static PeerConfig relayOnly(Coturn server) {
        return PeerConfig.defaults()
                .withIceServers(List.of(server.turn("udp")))
                .withIceTransportPolicy(IceTransportPolicy.RELAY);
    }
}
