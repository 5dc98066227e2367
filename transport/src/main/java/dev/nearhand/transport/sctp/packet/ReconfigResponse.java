package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import org.jspecify.annotations.Nullable;

/// What became of a request ([RFC 6525 section 4.4](https://www.rfc-editor.org/rfc/rfc6525#section-4.4)). The two
/// optional TSNs of an SSN/TSN reset are passed over, because it is never asked for.
public record ReconfigResponse(int responseSequence, int result) implements Parameter {
    public static final int NOTHING_TO_DO = 0;
    public static final int PERFORMED = 1;
    public static final int DENIED = 2;
    public static final int WRONG_SSN = 3;
    public static final int REQUEST_IN_PROGRESS = 4;
    public static final int BAD_SEQUENCE = 5;
    public static final int IN_PROGRESS = 6;

    static @Nullable ReconfigResponse parse(ByteReader in) {
        int response = in.i32();
        int result = in.i32();
        return in.isTruncated() ? null : new ReconfigResponse(response, result);
    }

    @Override
    public int type() {
        return ParameterType.RECONFIG_RESPONSE;
    }

    @Override
    public int valueBytes() {
        return 8;
    }

    @Override
    public void writeValue(ByteWriter out) {
        out.i32(responseSequence).i32(result);
    }
}
