package dev.nearhand.transport.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.Requires;
import dev.nearhand.transport.sctp.packet.PacketHeader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Replays inputs that broke another stack against an association in every state, and random changes of them.
class SctpCorpusTest {
    private static List<byte[]> corpus() throws IOException, URISyntaxException {
        List<Path> folders = new ArrayList<>();
        folders.add(Path.of(SctpCorpusTest.class.getResource("/sctp").toURI()));
        Requires.corpora().ifPresent(folder -> folders.add(folder.resolve("sctp")));
        List<byte[]> inputs = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.sorted().toList()) {
                    inputs.add(Files.readAllBytes(file));
                }
            }
        }
        return inputs;
    }

    private static HandPeer inCookieWait() {
        HandPeer peer = new HandPeer();
        peer.association.connect(0);
        peer.drain();
        return peer;
    }

    private static HandPeer withDataInFlight() {
        return withDataInFlight(new HandPeer());
    }

    private static HandPeer withDataInFlight(HandPeer peer) {
        peer.established();
        peer.send(1, 50_000);
        peer.association.resetStreams(0, List.of(2));
        peer.drain();
        return peer;
    }

    private static HandPeer shuttingDown() {
        HandPeer peer = withDataInFlight();
        peer.association.shutdown(0);
        peer.drain();
        return peer;
    }

    private static HandPeer shutdownSent() {
        HandPeer peer = new HandPeer().established();
        peer.association.shutdown(0);
        peer.drain();
        return peer;
    }

    private static HandPeer ended() {
        HandPeer peer = new HandPeer().established();
        peer.association.abort(0, "over");
        peer.drain();
        return peer;
    }

    private static final List<Supplier<HandPeer>> STATES = List.of(
            HandPeer::new,
            SctpCorpusTest::inCookieWait,
            () -> new HandPeer().established(),
            () -> new HandPeer().interleaving().established(),
            () -> withDataInFlight(new HandPeer().interleaving()),
            SctpCorpusTest::withDataInFlight,
            SctpCorpusTest::shuttingDown,
            SctpCorpusTest::shutdownSent,
            SctpCorpusTest::ended);

    /// An association in one of these states.
    ///
    /// @param choice any number
    static HandPeer inState(int choice) {
        return STATES.get(Math.floorMod(choice, STATES.size())).get();
    }

    /// The fuzzers of that stack gave chunks with or without a header, some behind a byte that chose a state.
    private static List<byte[]> readings(byte[] input) {
        List<byte[]> chunks = new ArrayList<>();
        for (int skipped : new int[] {0, 1, 4, PacketHeader.BYTES, PacketHeader.BYTES + 1}) {
            if (input.length > skipped) {
                chunks.add(Arrays.copyOfRange(input, skipped, input.length));
            }
        }
        return chunks;
    }

    private static void replay(HandPeer peer, byte[] chunks) {
        for (int tag : new int[] {peer.tag, 0, HandPeer.PEER_TAG}) {
            peer.giveBytes(tag, chunks);
        }
        if (chunks.length >= PacketHeader.BYTES) {
            ByteBuffer raw = ByteBuffer.wrap(chunks.clone());
            raw.putShort(0, (short) 5000).putShort(2, (short) 5000);
            PacketHeader.seal(raw);
            peer.association.handleDatagram(peer.now, raw, VirtualPair.path(1, 2));
            peer.drain();
        }
    }

    @Test
    void everyInputIsSurvivedInEveryState() throws Exception {
        List<byte[]> inputs = corpus();
        assertThat(inputs).hasSizeGreaterThanOrEqualTo(5);
        for (Supplier<HandPeer> state : STATES) {
            for (byte[] input : inputs) {
                HandPeer peer = state.get();
                for (byte[] chunks : readings(input)) {
                    replay(peer, chunks);
                    peer.pass(VirtualPair.SECOND);
                }
                peer.pass(200 * VirtualPair.SECOND);
            }
        }
    }

    @Test
    void inputsOneAfterTheOtherAndChangedAtRandomAreSurvived() throws Exception {
        List<byte[]> inputs = corpus();
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 300; round++) {
            HandPeer peer = STATES.get(round % STATES.size()).get();
            for (int i = 0; i < 30; i++) {
                byte[] input = inputs.get(random.nextInt(inputs.size()));
                List<byte[]> readings = readings(input);
                byte[] chunks = readings.get(random.nextInt(readings.size())).clone();
                for (int flips = random.nextInt(4); flips > 0; flips--) {
                    chunks[random.nextInt(chunks.length)] = (byte) random.nextInt();
                }
                replay(peer, chunks);
                peer.pass(random.nextInt(500) * VirtualPair.MILLI);
            }
        }
    }

    /// Chunks of the right kind with wrong numbers come deeper than bytes at random.
    @Test
    void wellFormedNonsenseIsSurvivedInEveryState() {
        for (int seed = 0; seed < 400; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            HandPeer peer = STATES.get(seed % STATES.size()).get();
            Nonsense nonsense = new Nonsense(random, peer);
            for (int i = 0; i < 100; i++) {
                peer.give(random.nextInt(10) == 0 ? 0 : peer.tag, nonsense.chunks());
                peer.pass(random.nextInt(200) * VirtualPair.MILLI);
                if (random.nextInt(5) == 0) {
                    peer.send(random.nextInt(120), 1 + random.nextInt(5_000));
                    peer.drain();
                }
            }
        }
    }
}
