package dev.nearhand.transport.mdns;

import dev.nearhand.transport.dns.DnsName;
import dev.nearhand.transport.dns.DnsRecord;
import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Writes questions for the addresses of a host and reads the answers (RFC 6762 section 18, in the format of RFC
/// 1035 section 4).
///
/// Knows what [DnsRecord] knows and skips all others. What cannot be read ends the reading; what was read before
/// it counts, and nothing throws. Opens no socket; asks nobody by itself.
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
        return hostName.toLowerCase(Locale.ROOT).endsWith(".local") && DnsName.isWritable(hostName);
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
        List<MdnsAnswer> answers = new ArrayList<>();
        for (MdnsRecord told : records(message)) {
            boolean isGoodbye = told.ttlSeconds() == 0;
            if (!isGoodbye && told.record() instanceof DnsRecord.Address(String host, InetAddress address)) {
                answers.add(new MdnsAnswer(host, address));
            }
        }
        return answers;
    }

    /// What a response tells, goodbyes included; empty for a question, and for anything else.
    static List<MdnsRecord> records(ByteBuffer message) {
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
        return records(message, reader, records);
    }

    /// Those that come next; the first that cannot be read ends the reading.
    static List<MdnsRecord> records(ByteBuffer message, ByteReader reader, int count) {
        List<MdnsRecord> found = new ArrayList<>();
        for (int i = 0; i < Math.min(count, RECORDS_LIMIT) && reader.hasRemaining(); i++) {
            String name = DnsName.read(message, reader);
            int type = reader.u16();
            reader.skip(2); // class, whose top bit says "flush what you knew"
            long ttlSeconds = reader.u32();
            int length = reader.u16();
            int start = reader.position();
            reader.skip(length);
            if (name == null || reader.isTruncated()) {
                break;
            }
            DnsRecord record = DnsRecord.read(name, type, message, start, length);
            if (record != null) {
                found.add(new MdnsRecord(record, ttlSeconds));
            }
        }
        return found;
    }
}
