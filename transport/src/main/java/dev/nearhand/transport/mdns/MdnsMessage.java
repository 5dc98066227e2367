package dev.nearhand.transport.mdns;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Writes questions for the addresses of a host and reads the answers (RFC 6762 section 18, in the format of RFC 1035
/// section 4).
///
/// Knows A and AAAA records and skips all others. What cannot be read ends the reading; what was read before it counts,
/// and nothing throws. Opens no socket; asks nobody by itself.
public final class MdnsMessage {
    /// Larger than any question that [#writeQuestion] writes.
    public static final int MAX_QUESTION_BYTES = 600;

    /// Records of one message that are looked at.
    static final int RECORDS_LIMIT = 64;

    static final int TYPE_A = 1;
    static final int TYPE_AAAA = 28;
    static final int CLASS_IN = 1;
    static final int RESPONSE_FLAG = 0x8000;
    private static final int MAX_NAME_BYTES = 255;
    private static final int MAX_LABEL_BYTES = 63;
    static final int POINTER = 0xC0;

    private MdnsMessage() {}

    /// Whether it is a name that can be asked for: `<label>.local`, each label of 1–63 bytes.
    public static boolean isAskable(String hostName) {
        if (!hostName.toLowerCase(Locale.ROOT).endsWith(".local") || hostName.length() > MAX_NAME_BYTES - 2) {
            return false;
        }
        for (String label : hostName.split("\\.", -1)) {
            int length = label.getBytes(StandardCharsets.UTF_8).length;
            if (length == 0 || length > MAX_LABEL_BYTES) {
                return false;
            }
        }
        return hostName.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES - 2;
    }

    /// Writes a question for all addresses of a host.
    ///
    /// @throws IllegalArgumentException when the name is not askable
    public static void writeQuestion(String hostName, ByteBuffer into) {
        if (!isAskable(hostName)) {
            throw new IllegalArgumentException("not a name of the local link");
        }
        ByteWriter writer = new ByteWriter(into);
        // "the Query Identifier SHOULD be set to zero", all flags zero, two questions
        writer.u16(0).u16(0).u16(2).u16(0).u16(0).u16(0);
        writeName(writer, hostName);
        writer.u16(TYPE_A).u16(CLASS_IN);
        writeName(writer, hostName);
        writer.u16(TYPE_AAAA).u16(CLASS_IN);
    }

    static void writeName(ByteWriter writer, String hostName) {
        for (String label : hostName.split("\\.")) {
            byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
            writer.u8(bytes.length).bytes(bytes);
        }
        writer.u8(0);
    }

    /// The addresses that a response tells; empty for a question, and for anything else.
    public static List<MdnsAnswer> answers(ByteBuffer message) {
        ByteReader reader = new ByteReader(message);
        reader.u16();
        int flags = reader.u16();
        int questions = reader.u16();
        int records = reader.u16() + reader.u16() + reader.u16();
        if (reader.isTruncated() || (flags & RESPONSE_FLAG) == 0) {
            return List.of();
        }
        for (int i = 0; i < Math.min(questions, RECORDS_LIMIT); i++) {
            if (readName(message, reader) == null) {
                return List.of();
            }
            reader.skip(4);
        }
        List<MdnsAnswer> answers = new ArrayList<>();
        for (int i = 0; i < Math.min(records, RECORDS_LIMIT) && reader.hasRemaining(); i++) {
            String name = readName(message, reader);
            int type = reader.u16();
            reader.skip(2); // class, whose top bit says "flush what you knew"
            boolean isGoodbye = reader.u32() == 0; // a time to live of nothing (RFC 6762 section 10.1)
            byte[] data = reader.bytes(reader.u16());
            if (name == null || reader.isTruncated()) {
                break;
            }
            InetAddress address = address(type, data);
            if (address != null && !isGoodbye) {
                answers.add(new MdnsAnswer(name, address));
            }
        }
        return answers;
    }

    static @Nullable InetAddress address(int type, byte[] data) {
        if (!(type == TYPE_A && data.length == 4) && !(type == TYPE_AAAA && data.length == 16)) {
            return null;
        }
        try {
            return InetAddress.getByAddress(data);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("four or sixteen bytes are an address", impossible);
        }
    }

    /// Reads a name that may end in a pointer to an earlier one, and leaves `reader` behind it; null when it is none.
    static @Nullable String readName(ByteBuffer message, ByteReader reader) {
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
            } else if (length > MAX_LABEL_BYTES || name.length() + length > MAX_NAME_BYTES) {
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
