package dev.nearhand.transport.mdns;

import dev.nearhand.transport.dns.DnsName;
import dev.nearhand.transport.wire.ByteWriter;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;

/// Writes that a host has one address, and no other ([RFC 6762 sections 6 and
/// 6.1](https://www.rfc-editor.org/rfc/rfc6762#section-6)).
///
/// @param id 0 for a response to everybody
/// @param echoed questions that are repeated, as who does not know mDNS expects it (section 6.7)
/// @param isAsked whether the address itself is wanted
/// @param saysNoOther whether it is said that nothing else is there
/// @param ttlSeconds 0 for a goodbye (section 10.1)
/// @param flush whether who hears it forgets what else was known of the name (section 10.2)
record MdnsResponse(
        int id,
        List<MdnsQuery.Question> echoed,
        MdnsAnswer answer,
        boolean isAsked,
        boolean saysNoOther,
        int ttlSeconds,
        boolean flush)
        implements Outbox.Response {
    private static final int AUTHORITATIVE_RESPONSE = 0x8400;
    private static final int FLUSH_FLAG = 0x8000;
    private static final int TYPE_NSEC = 47;
    private static final int HEADER_BYTES = 12;
    private static final int BITS_PER_BYTE = 8;

    @Override
    public void write(ByteBuffer into) {
        ByteWriter writer = new ByteWriter(into);
        int additional = isAsked && saysNoOther ? 1 : 0;
        writer.u16(id)
                .u16(AUTHORITATIVE_RESPONSE)
                .u16(echoed.size())
                .u16(1)
                .u16(0)
                .u16(additional);
        // all names in here are one, which stands behind the header
        boolean isNameWritten = false;
        for (MdnsQuery.Question question : echoed) {
            writeName(writer, isNameWritten);
            isNameWritten = true;
            writer.u16(question.type()).u16(MdnsMessage.CLASS_IN);
        }
        if (isAsked) {
            writeAddress(writer, isNameWritten);
            isNameWritten = true;
        }
        if (saysNoOther) {
            writeNothingElse(writer, isNameWritten);
        }
    }

    private void writeName(ByteWriter writer, boolean isWritten) {
        if (isWritten) {
            writer.u16(DnsName.POINTER << BITS_PER_BYTE | HEADER_BYTES);
        } else {
            DnsName.write(writer, answer.hostName());
        }
    }

    private void writeStart(ByteWriter writer, boolean isNameWritten, int type) {
        writeName(writer, isNameWritten);
        writer.u16(type)
                .u16(flush ? MdnsMessage.CLASS_IN | FLUSH_FLAG : MdnsMessage.CLASS_IN)
                .u32(ttlSeconds);
    }

    private void writeAddress(ByteWriter writer, boolean isNameWritten) {
        InetAddress address = answer.address();
        writeStart(writer, isNameWritten, MdnsQuery.typeOf(address));
        writer.u16(address.getAddress().length).bytes(address.getAddress());
    }

    /// The bitmap of RFC 4034 section 4.1.2, with the bit of the one type that there is.
    private void writeNothingElse(ByteWriter writer, boolean isNameWritten) {
        int type = MdnsQuery.typeOf(answer.address());
        byte[] bitmap = new byte[type / BITS_PER_BYTE + 1];
        bitmap[type / BITS_PER_BYTE] = (byte) (0x80 >> type % BITS_PER_BYTE);
        writeStart(writer, isNameWritten, TYPE_NSEC);
        // next name: the owner itself, which always stands behind the header by now
        writer.u16(2 + 2 + bitmap.length);
        writeName(writer, true);
        writer.u8(0).u8(bitmap.length).bytes(bitmap);
    }
}
