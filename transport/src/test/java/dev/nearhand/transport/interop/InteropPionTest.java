package dev.nearhand.transport.interop;

import dev.nearhand.testing.interop.ForeignPeer;
import dev.nearhand.testing.interop.OutwardInterface;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InteropPionTest {
    @TempDir
    static Path folder;

    @Test
    void echoesWhenWeOffer() throws Exception {
        try (OutwardInterface _ = new OutwardInterface();
                ForeignPeer pion = ForeignPrograms.pion(folder)) {
            EchoExchange.offering(pion);
        }
    }

    @Test
    void echoesWhenPionOffers() throws Exception {
        try (OutwardInterface _ = new OutwardInterface();
                ForeignPeer pion = ForeignPrograms.pion(folder)) {
            EchoExchange.answering(pion);
        }
    }
}
