package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The sender resets streams it sends on
/// ([RFC 6525 section 4.1](https://www.rfc-editor.org/rfc/rfc6525#section-4.1)).
///
/// @param responseSequence which request of the receiver this answers, or one less than its next
/// @param lastTsn the last TSN the sender gave away before
/// @param streamIds which streams; none means all
public record OutgoingResetRequest(int requestSequence, int responseSequence, int lastTsn, List<Integer> streamIds)
        implements Parameter {
    public OutgoingResetRequest {
        streamIds = List.copyOf(streamIds);
    }

    static @Nullable OutgoingResetRequest parse(ByteReader in) {
        int request = in.i32();
        int response = in.i32();
        int lastTsn = in.i32();
        List<Integer> ids = StreamIds.parse(in);
        return in.isTruncated() ? null : new OutgoingResetRequest(request, response, lastTsn, ids);
    }

    @Override
    public int type() {
        return ParameterType.OUTGOING_RESET_REQUEST;
    }

    @Override
    public int valueBytes() {
        return 12 + 2 * streamIds.size();
    }

    @Override
    public void writeValue(ByteWriter out) {
        out.i32(requestSequence).i32(responseSequence).i32(lastTsn);
        StreamIds.write(streamIds, out);
    }
}
