package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The one parameter inside HEARTBEAT and HEARTBEAT ACK.
final class HeartbeatInfo {
    private HeartbeatInfo() {}

    static @Nullable ByteBuffer parse(ByteReader value) {
        int type = value.u16();
        int length = value.u16();
        ByteBuffer info = value.slice(length - Parameter.HEADER_BYTES);
        return value.isTruncated() || type != ParameterType.HEARTBEAT_INFO ? null : info;
    }

    static int sizeBytes(ByteBuffer info) {
        return Parameter.HEADER_BYTES + info.remaining();
    }

    static void write(ByteBuffer info, ByteWriter out) {
        out.u16(ParameterType.HEARTBEAT_INFO).u16(sizeBytes(info)).bytes(info);
    }
}
