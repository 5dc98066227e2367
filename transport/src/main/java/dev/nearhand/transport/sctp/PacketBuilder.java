package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.Chunk;
import dev.nearhand.transport.sctp.packet.CookieEchoChunk;
import dev.nearhand.transport.sctp.packet.InitChunk;
import dev.nearhand.transport.sctp.packet.PacketHeader;
import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;

/// Fills one packet in the buffer that the driver lent.
final class PacketBuilder {
    private final ByteBuffer packet;
    private final ByteWriter out;
    private boolean checked;
    private boolean cookieEcho;

    PacketBuilder(ByteBuffer into, int maxPacketBytes, int sourcePort, int destinationPort, int tag) {
        this.packet = into.slice(into.position(), Math.min(into.remaining(), maxPacketBytes & ~3));
        this.out = new ByteWriter(packet);
        PacketHeader.write(out, sourcePort, destinationPort, tag);
    }

    int room() {
        return out.remaining();
    }

    int length() {
        return out.length();
    }

    boolean isEmpty() {
        return out.length() == PacketHeader.BYTES;
    }

    /// Whether the packet begins with COOKIE ECHO.
    boolean holdsCookieEcho() {
        return cookieEcho;
    }

    boolean fits(Chunk chunk) {
        return chunk.sizeBytes() <= room();
    }

    void add(Chunk chunk) {
        chunk.write(out);
        // RFC 9653 section 5.2: what sets an association up is always checked
        cookieEcho |= chunk instanceof CookieEchoChunk;
        checked |= cookieEcho || chunk instanceof InitChunk;
    }

    /// Puts the checksum in and answers the length.
    ///
    /// @param zeroChecksum whether the peer takes packets without one
    int finish(boolean zeroChecksum) {
        packet.flip();
        if (checked || !zeroChecksum) {
            PacketHeader.seal(packet);
        }
        return packet.remaining();
    }
}
