package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What INIT and INIT ACK have in common: the sender's side of the bargain
/// ([RFC 9260 section 3.3.2](https://www.rfc-editor.org/rfc/rfc9260#section-3.3.2)).
///
/// @param windowBytes advertised receiver window credit, 0..2^32-1
/// @param outboundStreams streams the sender wants to use, 0..65535
/// @param inboundStreams streams the sender takes, 0..65535
public record InitBody(
        int initiateTag,
        long windowBytes,
        int outboundStreams,
        int inboundStreams,
        int initialTsn,
        List<Parameter> parameters) {
    private static final int FIXED_BYTES = 16;

    public InitBody {
        parameters = List.copyOf(parameters);
    }

    static @Nullable InitBody parse(ByteReader value) {
        int tag = value.i32();
        long window = value.u32();
        int outbound = value.u16();
        int inbound = value.u16();
        int tsn = value.i32();
        List<Parameter> parameters = Parameters.parse(value);
        return value.isTruncated() || parameters == null
                ? null
                : new InitBody(tag, window, outbound, inbound, tsn, parameters);
    }

    int sizeBytes() {
        return FIXED_BYTES + Parameters.sizeBytes(parameters);
    }

    void write(ByteWriter out) {
        out.i32(initiateTag)
                .u32(windowBytes)
                .u16(outboundStreams)
                .u16(inboundStreams)
                .i32(initialTsn);
        Parameters.write(parameters, out);
    }
}
