package dev.nearhand.transport.interop;

import dev.nearhand.testing.interop.ForeignPeer;
import dev.nearhand.testing.interop.OutwardInterface;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InteropAiortcTest {
    @TempDir
    static Path folder;

    @Test
    void echoesWhenWeOffer() throws Exception {
        try (OutwardInterface _ = new OutwardInterface();
                ForeignPeer aiortc = ForeignPrograms.aiortc(folder)) {
            EchoExchange.offering(aiortc);
        }
    }

    @Test
    void echoesWhenAiortcOffers() throws Exception {
        try (OutwardInterface _ = new OutwardInterface();
                ForeignPeer aiortc = ForeignPrograms.aiortc(folder)) {
            EchoExchange.answering(aiortc);
        }
    }
}
