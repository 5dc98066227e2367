package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Takes the chunks of a packet one after the other. A chunk whose content makes no sense is passed over and counted;
/// one whose length does not fit ends the packet.
public final class ChunkReader {
    private final ByteReader in;
    private int malformed;

    /// @param packet a whole packet with its header
    public ChunkReader(ByteBuffer packet) {
        this.in = new ByteReader(packet);
        in.skip(PacketHeader.BYTES);
    }

    /// How many chunks were passed over or cut off so far.
    public int malformed() {
        return malformed;
    }

    /// The next chunk, or null at the end of what can be read.
    public @Nullable Chunk next() {
        while (in.remaining() >= Chunk.HEADER_BYTES) {
            int type = in.u8();
            int flags = in.u8();
            int length = in.u16();
            ByteBuffer value = in.slice(length - Chunk.HEADER_BYTES);
            if (in.isTruncated()) {
                malformed++;
                return null;
            }
            in.skip(Math.min(in.remaining(), Chunk.padded(length) - length));
            Chunk chunk = parse(type, flags, value);
            if (chunk != null) {
                return chunk;
            }
            malformed++;
        }
        return null;
    }

    private static @Nullable Chunk parse(int type, int flags, ByteBuffer value) {
        ByteReader in = new ByteReader(value);
        return switch (type) {
            case ChunkType.DATA -> DataChunk.parse(flags, in);
            case ChunkType.INIT -> InitChunk.parse(in);
            case ChunkType.INIT_ACK -> InitAckChunk.parse(in);
            case ChunkType.SACK -> SackChunk.parse(in);
            case ChunkType.HEARTBEAT -> HeartbeatChunk.parse(in);
            case ChunkType.HEARTBEAT_ACK -> HeartbeatAckChunk.parse(in);
            case ChunkType.ABORT -> AbortChunk.parse(flags, in);
            case ChunkType.SHUTDOWN -> ShutdownChunk.parse(in);
            case ChunkType.SHUTDOWN_ACK -> new ShutdownAckChunk();
            case ChunkType.ERROR -> ErrorChunk.parse(in);
            case ChunkType.COOKIE_ECHO -> CookieEchoChunk.parse(in);
            case ChunkType.COOKIE_ACK -> new CookieAckChunk();
            case ChunkType.SHUTDOWN_COMPLETE -> new ShutdownCompleteChunk((flags & 1) != 0);
            case ChunkType.PAD -> new PadChunk(in.remaining());
            case ChunkType.RECONFIG -> ReconfigChunk.parse(in);
            case ChunkType.FORWARD_TSN -> ForwardTsnChunk.parse(in);
            case ChunkType.I_DATA -> InterleavedDataChunk.parse(flags, in);
            case ChunkType.I_FORWARD_TSN -> InterleavedForwardTsnChunk.parse(in);
            default -> new UnknownChunk(type, flags, value);
        };
    }
}
