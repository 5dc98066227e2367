package dev.nearhand.transport.sctp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nearhand.transport.sctp.packet.Chunk;
import dev.nearhand.transport.sctp.packet.ChunkReader;
import java.nio.ByteBuffer;
import java.util.Arrays;

class SctpFuzzTest {
    private static final int PACKETS_LIMIT = 40;

    /// Chunks alone, behind a header; what is read can be written.
    @FuzzTest
    void chunks(byte[] chunks) {
        ByteBuffer packet = HandPeer.packet(HandPeer.PEER_TAG, chunks);
        ChunkReader reader = new ChunkReader(packet);
        for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
            if (chunk.toBytes().remaining() != chunk.sizeBytes()) {
                throw new AssertionError("a chunk is not as long as it says");
            }
        }
    }

    /// An association in a state that the first byte chooses gets one packet after the other: each of the input's
    /// begins with its length and the time that passes before it.
    @FuzzTest
    void association(byte[] input) {
        if (input.length == 0) {
            return;
        }
        HandPeer peer = SctpCorpusTest.inState(input[0]);
        ByteBuffer packets = ByteBuffer.wrap(input).position(1);
        for (int i = 0; packets.remaining() > 2 && i < PACKETS_LIMIT; i++) {
            int length = Math.min(packets.get() & 0xFF, packets.remaining() - 1);
            int wait = packets.get() & 0xFF;
            byte[] chunks = Arrays.copyOfRange(input, packets.position(), packets.position() + length);
            packets.position(packets.position() + length);
            peer.pass(wait * 10 * VirtualPair.MILLI);
            peer.giveBytes(wait % 8 == 0 ? 0 : peer.tag, chunks);
        }
        peer.pass(100 * VirtualPair.SECOND);
    }
}
