package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The sender wants the receiver to reset streams the receiver sends on
/// ([RFC 6525 section 4.2](https://www.rfc-editor.org/rfc/rfc6525#section-4.2)).
///
/// @param streamIds which streams; none means all
public record IncomingResetRequest(int requestSequence, List<Integer> streamIds) implements Parameter {
    public IncomingResetRequest {
        streamIds = List.copyOf(streamIds);
    }

    static @Nullable IncomingResetRequest parse(ByteReader in) {
        int request = in.i32();
        List<Integer> ids = StreamIds.parse(in);
        return in.isTruncated() ? null : new IncomingResetRequest(request, ids);
    }

    @Override
    public int type() {
        return ParameterType.INCOMING_RESET_REQUEST;
    }

    @Override
    public int valueBytes() {
        return 4 + 2 * streamIds.size();
    }

    @Override
    public void writeValue(ByteWriter out) {
        out.i32(requestSequence);
        StreamIds.write(streamIds, out);
    }
}
