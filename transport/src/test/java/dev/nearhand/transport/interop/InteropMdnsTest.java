package dev.nearhand.transport.interop;

import dev.nearhand.testing.interop.ChromiumPeer;
import dev.nearhand.testing.interop.ForeignPeer;
import dev.nearhand.testing.interop.OutwardInterface;
import dev.nearhand.transport.api.PeerConfig;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Other programs look up the names that are told instead of this machine's addresses. What they tell of their own
/// addresses is kept from us, so that nothing but those names leads to a connection.
class InteropMdnsTest {
    private static final PeerConfig NAMED = PeerConfig.defaults().withMdnsCandidates(true);

    @TempDir
    Path folder;

    private record Secretive(ForeignPeer peer) implements ForeignPeer {
        private static String withoutCandidates(String sdp) {
            return sdp.lines()
                    .filter(line -> !line.startsWith("a=candidate:"))
                    .collect(Collectors.joining("\r\n", "", "\r\n"));
        }

        @Override
        public String offer() {
            return withoutCandidates(peer.offer());
        }

        @Override
        public void accept(String answer) {
            peer.accept(answer);
        }

        @Override
        public String answer(String offer) {
            return withoutCandidates(peer.answer(offer));
        }

        @Override
        public String log() {
            return peer.log();
        }

        @Override
        public void close() {
            peer.close();
        }
    }

    @Test
    void pionFindsUs() throws Exception {
        try (OutwardInterface _ = new OutwardInterface();
                ForeignPeer pion = new Secretive(ForeignPrograms.pion(folder))) {
            EchoExchange.offering(pion, NAMED);
        }
    }

    @Test
    void pionFindsWhoAnswersIt() throws Exception {
        try (OutwardInterface _ = new OutwardInterface();
                ForeignPeer pion = new Secretive(ForeignPrograms.pion(folder))) {
            EchoExchange.answering(pion, NAMED);
        }
    }

    @Test
    void chromiumFindsUs() throws Exception {
        try (OutwardInterface _ = new OutwardInterface();
                ForeignPeer chromium = new Secretive(new ChromiumPeer(folder, true))) {
            EchoExchange.offering(chromium, NAMED);
        }
    }
}
