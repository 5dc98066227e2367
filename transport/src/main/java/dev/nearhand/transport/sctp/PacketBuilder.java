package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.Chunk;
import dev.nearhand.transport.sctp.packet.PacketHeader;
import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;

/// Fills one packet in the buffer that the driver lent.
final class PacketBuilder {
    private final ByteBuffer packet;
    private final ByteWriter out;

    PacketBuilder(ByteBuffer into, int maxPacketBytes, int sourcePort, int destinationPort, int tag) {
        this.packet = into.slice(into.position(), Math.min(into.remaining(), maxPacketBytes & ~3));
        this.out = new ByteWriter(packet);
        PacketHeader.write(out, sourcePort, destinationPort, tag);
    }

    int room() {
        return out.remaining();
    }

    boolean isEmpty() {
        return out.length() == PacketHeader.BYTES;
    }

    boolean fits(Chunk chunk) {
        return chunk.sizeBytes() <= room();
    }

    void add(Chunk chunk) {
        chunk.write(out);
    }

    /// Puts the checksum in and answers the length.
    int finish() {
        packet.flip();
        PacketHeader.seal(packet);
        return packet.remaining();
    }
}
