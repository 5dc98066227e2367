package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;

/// A parameter inside a chunk
/// ([RFC 9260 section 3.2.1](https://www.rfc-editor.org/rfc/rfc9260#section-3.2.1)).
public sealed interface Parameter permits IncomingResetRequest, OtherParameter, OutgoingResetRequest, ReconfigResponse {
    int HEADER_BYTES = 4;

    int type();

    /// Length of what follows the parameter header, without padding.
    int valueBytes();

    void writeValue(ByteWriter out);

    /// Writes header and value, without padding.
    default void write(ByteWriter out) {
        out.u16(type()).u16(HEADER_BYTES + valueBytes());
        writeValue(out);
    }

    /// The parameter as bytes of its own, without padding.
    default ByteBuffer toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + valueBytes());
        write(new ByteWriter(bytes));
        return bytes.flip();
    }
}
