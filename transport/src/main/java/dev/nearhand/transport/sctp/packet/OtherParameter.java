package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;

/// A parameter whose value needs no structure of its own, or that is not spoken here.
public record OtherParameter(int type, ByteBuffer value) implements Parameter {
    /// Whether the parameters behind an unknown one are still processed: the highest bit.
    public boolean isSkipped() {
        return (type & 0x8000) != 0;
    }

    /// Whether the sender of an unknown one wants to hear of it: the second highest bit.
    public boolean isReported() {
        return (type & 0x4000) != 0;
    }

    @Override
    public int valueBytes() {
        return value.remaining();
    }

    @Override
    public void writeValue(ByteWriter out) {
        out.bytes(value);
    }
}
