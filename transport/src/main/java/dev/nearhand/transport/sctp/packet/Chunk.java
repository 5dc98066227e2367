package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;

/// One chunk of a packet ([RFC 9260 section 3.2](https://www.rfc-editor.org/rfc/rfc9260#section-3.2)).
///
/// The byte buffers inside are views of the packet a chunk was parsed from: whoever keeps one copies it.
public sealed interface Chunk
        permits AbortChunk,
                CookieAckChunk,
                CookieEchoChunk,
                DataChunk,
                ErrorChunk,
                ForwardTsnChunk,
                HeartbeatAckChunk,
                HeartbeatChunk,
                InitAckChunk,
                InitChunk,
                InterleavedDataChunk,
                InterleavedForwardTsnChunk,
                PadChunk,
                ReconfigChunk,
                SackChunk,
                ShutdownAckChunk,
                ShutdownChunk,
                ShutdownCompleteChunk,
                UnknownChunk {
    int HEADER_BYTES = 4;

    int type();

    int flags();

    /// Length of what follows the chunk header, without padding.
    int valueBytes();

    void writeValue(ByteWriter out);

    /// What the chunk takes in a packet: header, value and padding to a multiple of four.
    default int sizeBytes() {
        return padded(HEADER_BYTES + valueBytes());
    }

    default void write(ByteWriter out) {
        int value = valueBytes();
        out.u8(type()).u8(flags()).u16(HEADER_BYTES + value);
        writeValue(out);
        out.zeros(padded(value) - value);
    }

    /// The chunk alone, as bytes of its own.
    default ByteBuffer toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(sizeBytes());
        write(new ByteWriter(bytes));
        return bytes.flip();
    }

    static int padded(int length) {
        return (length + 3) & ~3;
    }
}
