package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why an ERROR or ABORT was sent ([RFC 9260 section 3.3.10](https://www.rfc-editor.org/rfc/rfc9260#section-3.3.10)).
public record ErrorCause(int code, ByteBuffer value) {
    public static final int INVALID_STREAM = 1;
    public static final int MISSING_PARAMETER = 2;
    public static final int STALE_COOKIE = 3;
    public static final int OUT_OF_RESOURCE = 4;
    public static final int UNRECOGNIZED_CHUNK = 6;
    public static final int INVALID_PARAMETER = 7;
    public static final int UNRECOGNIZED_PARAMETERS = 8;
    public static final int NO_USER_DATA = 9;
    public static final int COOKIE_WHILE_SHUTTING_DOWN = 10;
    public static final int USER_INITIATED_ABORT = 12;
    public static final int PROTOCOL_VIOLATION = 13;

    private static final int HEADER_BYTES = 4;

    /// A cause that carries a reason a person can read.
    public static ErrorCause withText(int code, String text) {
        return new ErrorCause(code, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    public static ErrorCause empty(int code) {
        return new ErrorCause(code, ByteBuffer.allocate(0));
    }

    /// A cause whose value is one 32-bit number.
    public static ErrorCause withNumber(int code, int number) {
        return new ErrorCause(code, ByteBuffer.allocate(4).putInt(0, number));
    }

    static @Nullable List<ErrorCause> parseAll(ByteReader in) {
        List<ErrorCause> causes = new ArrayList<>();
        while (in.remaining() >= HEADER_BYTES) {
            int code = in.u16();
            int length = in.u16();
            ByteBuffer value = in.slice(length - HEADER_BYTES);
            if (in.isTruncated()) {
                return null;
            }
            in.skip(Math.min(in.remaining(), Chunk.padded(length) - length));
            causes.add(new ErrorCause(code, value));
        }
        return causes;
    }

    static int sizeBytes(List<ErrorCause> causes) {
        int size = 0;
        for (ErrorCause cause : causes) {
            size += Chunk.padded(HEADER_BYTES + cause.value.remaining());
        }
        return size;
    }

    static void writeAll(List<ErrorCause> causes, ByteWriter out) {
        for (ErrorCause cause : causes) {
            int length = cause.value.remaining();
            out.u16(cause.code).u16(HEADER_BYTES + length).bytes(cause.value).zeros(Chunk.padded(length) - length);
        }
    }

    /// The cause's name and number for a log line or a reason; never its bytes, which the peer chose.
    public String describe() {
        return switch (code) {
            case INVALID_STREAM -> "invalid stream identifier";
            case MISSING_PARAMETER -> "missing mandatory parameter";
            case STALE_COOKIE -> "stale cookie";
            case OUT_OF_RESOURCE -> "out of resource";
            case UNRECOGNIZED_CHUNK -> "unrecognized chunk type";
            case INVALID_PARAMETER -> "invalid mandatory parameter";
            case UNRECOGNIZED_PARAMETERS -> "unrecognized parameters";
            case NO_USER_DATA -> "no user data";
            case COOKIE_WHILE_SHUTTING_DOWN -> "cookie received while shutting down";
            case USER_INITIATED_ABORT -> "user initiated abort";
            case PROTOCOL_VIOLATION -> "protocol violation";
            default -> "cause " + code;
        };
    }
}
