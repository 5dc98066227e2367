package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/// The list of 16-bit stream numbers at the end of a reset request.
final class StreamIds {
    private StreamIds() {}

    static List<Integer> parse(ByteReader in) {
        List<Integer> ids = new ArrayList<>(in.remaining() / 2);
        while (in.hasRemaining()) {
            ids.add(in.u16());
        }
        return ids;
    }

    static void write(List<Integer> ids, ByteWriter out) {
        for (int id : ids) {
            out.u16(id);
        }
    }
}
