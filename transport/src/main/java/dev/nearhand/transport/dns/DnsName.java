package dev.nearhand.transport.dns;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Names as text: labels with dots between them, in lower case, without a dot at the end ([RFC 1035 section
/// 4.1.4](https://www.rfc-editor.org/rfc/rfc1035#section-4.1.4)). The root is the empty text.
public final class DnsName {
    /// Of a whole name.
    public static final int MAX_BYTES = 255;

    public static final int MAX_LABEL_BYTES = 63;

    /// The two bits that say that the name goes on elsewhere.
    public static final int POINTER = 0xC0;

    /// What a server can be called; underscores are in names of services.
    private static final Pattern PLAIN = Pattern.compile("[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})*");

    private DnsName() {}

    /// Whether it consists of letters, digits, hyphens and underscores alone, in lower case, and is not too long.
    public static boolean isPlain(String name) {
        return name.length() <= MAX_BYTES - 2 && PLAIN.matcher(name).matches();
    }

    /// Whether it can be written: no label is empty, and none is too long, nor is the whole.
    public static boolean isWritable(String name) {
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES - 2) {
            return false;
        }
        for (String label : name.split("\\.", -1)) {
            int length = label.getBytes(StandardCharsets.UTF_8).length;
            if (length == 0 || length > MAX_LABEL_BYTES) {
                return false;
            }
        }
        return true;
    }

    /// Writes a name in full, which is writable.
    public static void write(ByteWriter writer, String name) {
        for (String label : name.split("\\.")) {
            byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
            writer.u8(bytes.length).bytes(bytes);
        }
        writer.u8(0);
    }

    /// Reads a name that may end in a pointer to an earlier one, and leaves `reader` behind it; null when it is none.
    ///
    /// @param message what pointers point into
    public static @Nullable String read(ByteBuffer message, ByteReader reader) {
        StringBuilder name = new StringBuilder();
        ByteReader from = reader;
        int earliest = reader.position();
        while (true) {
            int length = from.u8();
            if (from.isTruncated()) {
                return null;
            }
            if ((length & POINTER) == POINTER) {
                int offset = (length & ~POINTER) << 8 | from.u8();
                // each jump goes further back than all before it: so the reading ends
                if (from.isTruncated() || offset >= earliest) {
                    return null;
                }
                earliest = offset;
                from = new ByteReader(message);
                from.skip(offset);
            } else if (length > MAX_LABEL_BYTES || name.length() + length > MAX_BYTES) {
                return null;
            } else if (length == 0) {
                return name.toString().toLowerCase(Locale.ROOT);
            } else {
                String label = new String(from.bytes(length), StandardCharsets.UTF_8);
                name.append(name.isEmpty() ? "" : ".").append(label);
            }
        }
    }
}
