package dev.nearhand.transport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.interop.ForeignPeer;
import dev.nearhand.testing.interop.OutwardInterface;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest(name = "we offer: {0}")
    @ValueSource(booleans = {true, false})
    void connectsToPionsTcpCandidate(boolean weOffer) throws Exception {
        try (OutwardInterface _ = new OutwardInterface();
                ForeignPeer pion = ForeignPrograms.pion(folder, "-tcp")) {
            assertThat(weOffer ? EchoExchange.offering(pion) : EchoExchange.answering(pion))
                    .isEqualTo("host/host tcp4");
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
