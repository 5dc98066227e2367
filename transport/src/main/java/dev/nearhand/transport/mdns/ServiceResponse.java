package dev.nearhand.transport.mdns;

import dev.nearhand.transport.dns.DnsName;
import dev.nearhand.transport.dns.DnsRecord;
import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.util.List;

/// Writes where a service is: that there is one of its type, and all that has to be known to use it ([RFC 6763
/// section 12](https://www.rfc-editor.org/rfc/rfc6763#section-12)).
///
/// @param id 0 for a response to everybody
/// @param echoed questions that are repeated, as who does not know mDNS expects it (RFC 6762 section 6.7)
/// @param namesType whether it is also said that there are services of this type (RFC 6763 section 9)
/// @param mostSeconds no time to live is longer; 0 for a goodbye
/// @param flush whether who hears it forgets what else was known of the service
record ServiceResponse(
        int id, List<MdnsQuery.Question> echoed, MdnsService service, boolean namesType, int mostSeconds, boolean flush)
        implements Outbox.Response {
    /// The name whose pointers are the types of all services.
    static final String TYPES = "_services._dns-sd._udp.local";

    /// Of records that name no host (RFC 6762 section 10).
    static final int LONG_TTL_SECONDS = 4_500;

    private static final int AUTHORITATIVE_RESPONSE = 0x8400;
    private static final int FLUSH_FLAG = 0x8000;

    @Override
    public void write(ByteBuffer into) {
        ByteWriter writer = new ByteWriter(into);
        boolean isGoodbye = mostSeconds == 0;
        int answers = 3 + (namesType ? 1 : 0);
        writer.u16(id)
                .u16(AUTHORITATIVE_RESPONSE)
                .u16(echoed.size())
                .u16(answers)
                .u16(0)
                .u16(isGoodbye ? 0 : 1);
        for (MdnsQuery.Question question : echoed) {
            DnsName.write(writer, question.hostName());
            writer.u16(question.type()).u16(MdnsMessage.CLASS_IN);
        }
        if (namesType) {
            writePointer(writer, TYPES, service.type());
        }
        writePointer(writer, service.type(), service.name());
        writeStart(writer, service.name(), DnsRecord.TYPE_SRV, true, MdnsResponder.TTL_SECONDS);
        writer.u16(2 + 2 + 2 + lengthOf(service.hostName())).u16(0).u16(0).u16(service.port());
        DnsName.write(writer, service.hostName());
        writeStart(writer, service.name(), DnsRecord.TYPE_TXT, true, LONG_TTL_SECONDS);
        writer.u16(1).u8(0); // nothing to say: "a single zero byte" (RFC 6763 section 6.1)
        if (!isGoodbye) { // the host is there still
            byte[] address = service.address().getAddress();
            writeStart(
                    writer, service.hostName(), MdnsQuery.typeOf(service.address()), true, MdnsResponder.TTL_SECONDS);
            writer.u16(address.length).bytes(address);
        }
    }

    /// Others have records of the same name, so nobody is to forget them.
    private void writePointer(ByteWriter writer, String name, String target) {
        writeStart(writer, name, DnsRecord.TYPE_PTR, false, LONG_TTL_SECONDS);
        writer.u16(lengthOf(target));
        DnsName.write(writer, target);
    }

    private void writeStart(ByteWriter writer, String name, int type, boolean isUnique, int ttlSeconds) {
        DnsName.write(writer, name);
        writer.u16(type)
                .u16(flush && isUnique ? MdnsMessage.CLASS_IN | FLUSH_FLAG : MdnsMessage.CLASS_IN)
                .u32(Math.min(mostSeconds, ttlSeconds));
    }

    /// These names are of ASCII alone: a byte of length for each label, and one for the root.
    private static int lengthOf(String name) {
        return name.length() + 2;
    }
}
