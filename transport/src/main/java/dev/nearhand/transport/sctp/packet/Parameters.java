package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A row of parameters, padded in between; as many as a packet holds.
final class Parameters {
    private Parameters() {}

    /// All parameters up to the end of the chunk; null when a length does not fit.
    static @Nullable List<Parameter> parse(ByteReader in) {
        List<Parameter> parameters = new ArrayList<>();
        while (in.remaining() >= Parameter.HEADER_BYTES) {
            int type = in.u16();
            int length = in.u16();
            ByteBuffer value = in.slice(length - Parameter.HEADER_BYTES);
            Parameter parameter = in.isTruncated() ? null : parseOne(type, value);
            if (parameter == null) {
                return null;
            }
            in.skip(Math.min(in.remaining(), Chunk.padded(length) - length));
            parameters.add(parameter);
        }
        return parameters;
    }

    private static @Nullable Parameter parseOne(int type, ByteBuffer value) {
        ByteReader in = new ByteReader(value);
        return switch (type) {
            case ParameterType.OUTGOING_RESET_REQUEST -> OutgoingResetRequest.parse(in);
            case ParameterType.INCOMING_RESET_REQUEST -> IncomingResetRequest.parse(in);
            case ParameterType.RECONFIG_RESPONSE -> ReconfigResponse.parse(in);
            default -> new OtherParameter(type, value);
        };
    }

    static int sizeBytes(List<Parameter> parameters) {
        int size = 0;
        for (Parameter parameter : parameters) {
            size = Chunk.padded(size) + Parameter.HEADER_BYTES + parameter.valueBytes();
        }
        return size;
    }

    static void write(List<Parameter> parameters, ByteWriter out) {
        int written = 0;
        for (Parameter parameter : parameters) {
            out.zeros(Chunk.padded(written) - written);
            parameter.write(out);
            written = Chunk.padded(written) + Parameter.HEADER_BYTES + parameter.valueBytes();
        }
    }
}
