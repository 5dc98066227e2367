package dev.nearhand.transport.mdns;

import dev.nearhand.transport.dns.DnsName;
import dev.nearhand.transport.dns.DnsRecord;
import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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

    static final int CLASS_IN = 1;
    static final int RESPONSE_FLAG = 0x8000;

    private MdnsMessage() {}

    /// Whether it is a name that can be asked for: `<label>.local`, each label of 1–63 bytes.
    public static boolean isAskable(String hostName) {
        if (!hostName.toLowerCase(Locale.ROOT).endsWith(".local") || hostName.length() > DnsName.MAX_BYTES - 2) {
            return false;
        }
        for (String label : hostName.split("\\.", -1)) {
            int length = label.getBytes(StandardCharsets.UTF_8).length;
            if (length == 0 || length > DnsName.MAX_LABEL_BYTES) {
                return false;
            }
        }
        return hostName.getBytes(StandardCharsets.UTF_8).length <= DnsName.MAX_BYTES - 2;
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
        DnsName.write(writer, hostName);
        writer.u16(DnsRecord.TYPE_A).u16(CLASS_IN);
        DnsName.write(writer, hostName);
        writer.u16(DnsRecord.TYPE_AAAA).u16(CLASS_IN);
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
            if (DnsName.read(message, reader) == null) {
                return List.of();
            }
            reader.skip(4);
        }
        List<MdnsAnswer> answers = new ArrayList<>();
        for (int i = 0; i < Math.min(records, RECORDS_LIMIT) && reader.hasRemaining(); i++) {
            String name = DnsName.read(message, reader);
            int type = reader.u16();
            reader.skip(2); // class, whose top bit says "flush what you knew"
            boolean isGoodbye = reader.u32() == 0; // a time to live of nothing (RFC 6762 section 10.1)
            int length = reader.u16();
            int start = reader.position();
            reader.skip(length);
            if (name == null || reader.isTruncated()) {
                break;
            }
            if (!isGoodbye
                    && DnsRecord.read(name, type, message, start, length)
                            instanceof DnsRecord.Address(String host, InetAddress address)) {
                answers.add(new MdnsAnswer(host, address));
            }
        }
        return answers;
    }
}
