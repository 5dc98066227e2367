package dev.nearhand.transport.stun;

import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// A STUN message (RFC 8489 section 5), without its seal.
///
/// @param method 12 bits
/// @param attributes in the order of the message; of several of one type only the first counts
public record StunMessage(
        StunClass messageClass, int method, TransactionId transactionId, List<StunAttribute> attributes) {
    /// The one method of plain STUN and of ICE.
    public static final int BINDING = 0x001;

    /// The methods of TURN (RFC 8656 section 17).
    public static final int ALLOCATE = 0x003;
    public static final int REFRESH = 0x004;
    public static final int SEND = 0x006;
    public static final int DATA = 0x007;
    public static final int CREATE_PERMISSION = 0x008;
    public static final int CHANNEL_BIND = 0x009;

    static final int HEADER_BYTES = 20;
    static final int ATTRIBUTE_HEADER_BYTES = 4;
    static final int MAGIC_COOKIE = 0x2112_A442;

    private static final int FINGERPRINT_XOR = 0x5354_554E;
    private static final int FINGERPRINT_BYTES = 8;

    public StunMessage {
        if (method < 0 || method > 0xFFF) {
            throw new IllegalArgumentException("a method has 12 bits: " + method);
        }
        attributes = List.copyOf(attributes);
    }

    public static StunMessage binding(StunClass messageClass, TransactionId id, StunAttribute... attributes) {
        return new StunMessage(messageClass, BINDING, id, List.of(attributes));
    }

    /// Reads a datagram; never throws, whatever it holds.
    public static StunParse parse(ByteBuffer datagram) {
        return StunParser.parse(datagram);
    }

    /// The first attribute of a type, or null.
    public <A extends StunAttribute> @Nullable A find(Class<A> type) {
        for (StunAttribute attribute : attributes) {
            if (type.isInstance(attribute)) {
                return type.cast(attribute);
            }
        }
        return null;
    }

    public boolean has(Class<? extends StunAttribute> type) {
        return find(type) != null;
    }

    /// Writes the message as it is, for a plain Binding to a STUN server; how many bytes.
    public int write(ByteBuffer into) {
        int start = into.position();
        writeUnsealed(into);
        return into.position() - start;
    }

    /// Writes the message with MESSAGE-INTEGRITY and FINGERPRINT; how many bytes.
    public int write(ByteBuffer into, StunKey key) {
        int start = into.position();
        writeUnsealed(into);
        byte[] mac = key.sign(into.slice(start, into.position() - start));
        new ByteWriter(into)
                .u16(StunAttribute.MESSAGE_INTEGRITY)
                .u16(mac.length)
                .bytes(mac);
        return appendFingerprint(into, start);
    }

    /// Writes the message with FINGERPRINT alone, as an error to who could not authenticate; how many bytes.
    public int writeWithFingerprint(ByteBuffer into) {
        int start = into.position();
        writeUnsealed(into);
        return appendFingerprint(into, start);
    }

    private void writeUnsealed(ByteBuffer into) {
        int start = into.position();
        ByteWriter writer = new ByteWriter(into);
        writer.u16(messageClass.typeOf(method)).u16(0).i32(MAGIC_COOKIE);
        writer.i32(transactionId.high()).i64(transactionId.low());
        for (StunAttribute attribute : attributes) {
            StunAttributeCodec.write(attribute, transactionId, writer);
        }
        setLength(into, start);
    }

    private static int appendFingerprint(ByteBuffer into, int start) {
        // "the length MUST ... include the FINGERPRINT attribute", and it covers the header that says so
        into.putShort(start + 2, (short) (into.position() - start - HEADER_BYTES + FINGERPRINT_BYTES));
        int fingerprint = fingerprint(into.slice(start, into.position() - start));
        new ByteWriter(into).u16(StunAttribute.FINGERPRINT).u16(4).i32(fingerprint);
        return into.position() - start;
    }

    static int fingerprint(ByteBuffer covered) {
        CRC32 crc = new CRC32();
        crc.update(covered.duplicate());
        return (int) crc.getValue() ^ FINGERPRINT_XOR;
    }

    private static void setLength(ByteBuffer into, int start) {
        into.putShort(start + 2, (short) (into.position() - start - HEADER_BYTES));
    }
}
