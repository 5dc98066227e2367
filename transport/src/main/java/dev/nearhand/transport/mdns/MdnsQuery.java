package dev.nearhand.transport.mdns;

import dev.nearhand.transport.dns.DnsName;
import dev.nearhand.transport.dns.DnsRecord;
import dev.nearhand.transport.wire.ByteReader;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What somebody asks the local link ([RFC 6762 section 18](https://www.rfc-editor.org/rfc/rfc6762#section-18)).
///
/// @param id to be repeated to who asks from another port than that of mDNS
/// @param questions of the class of the internet, or of any
/// @param known what the asker knows already (section 7.1)
record MdnsQuery(int id, List<Question> questions, List<MdnsRecord> known) {
    static final int ANY = 255;

    /// The bit that asks for an answer to the asker alone (section 5.4).
    private static final int UNICAST_FLAG = 0x8000;

    private static final int OPCODE_AND_RCODE = 0x780F;

    /// @param hostName in lower case, without a dot at its end
    record Question(String hostName, int type, boolean wantsUnicast) {
        boolean asksFor(InetAddress address) {
            return type == ANY || type == typeOf(address);
        }
    }

    static int typeOf(InetAddress address) {
        return address.getAddress().length == 4 ? DnsRecord.TYPE_A : DnsRecord.TYPE_AAAA;
    }

    static boolean isResponse(ByteBuffer message) {
        ByteReader reader = new ByteReader(message);
        reader.u16();
        return (reader.u16() & MdnsMessage.RESPONSE_FLAG) != 0;
    }

    /// Null for what is none; of long ones the first 64 questions and records count.
    static @Nullable MdnsQuery parse(ByteBuffer message) {
        ByteReader reader = new ByteReader(message);
        int id = reader.u16();
        int flags = reader.u16();
        int questionCount = reader.u16();
        int answerCount = reader.u16();
        reader.skip(4);
        // "the OPCODE MUST be zero", "the Response Code MUST be zero"; others are ignored silently (18.3, 18.11)
        if (reader.isTruncated() || (flags & (MdnsMessage.RESPONSE_FLAG | OPCODE_AND_RCODE)) != 0) {
            return null;
        }
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < Math.min(questionCount, MdnsMessage.RECORDS_LIMIT); i++) {
            String name = DnsName.read(message, reader);
            int type = reader.u16();
            int kind = reader.u16();
            if (name == null || reader.isTruncated()) {
                return null;
            }
            int classOfName = kind & ~UNICAST_FLAG;
            if (classOfName == MdnsMessage.CLASS_IN || classOfName == ANY) {
                questions.add(new Question(name, type, (kind & UNICAST_FLAG) != 0));
            }
        }
        boolean isWhole = questionCount <= MdnsMessage.RECORDS_LIMIT;
        return new MdnsQuery(id, questions, isWhole ? MdnsMessage.records(message, reader, answerCount) : List.of());
    }
}
