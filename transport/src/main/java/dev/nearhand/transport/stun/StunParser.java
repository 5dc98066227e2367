package dev.nearhand.transport.stun;

import dev.nearhand.transport.stun.StunParse.Refusal;
import dev.nearhand.transport.wire.ByteReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads one datagram as a STUN message (RFC 8489 section 6.3, the part without knowledge of a transaction).
final class StunParser {
    /// More attributes in one message are refused.
    static final int ATTRIBUTES_LIMIT = 64;

    private final ByteBuffer datagram;
    private final List<StunAttribute> attributes = new ArrayList<>();
    private @Nullable ByteBuffer covered;
    private byte @Nullable [] mac;
    private boolean hasFingerprint;

    private StunParser(ByteBuffer datagram) {
        this.datagram = datagram;
    }

    static StunParse parse(ByteBuffer borrowed) {
        return new StunParser(borrowed.slice()).parse();
    }

    private StunParse parse() {
        if (datagram.remaining() < StunMessage.HEADER_BYTES) {
            return new StunParse.Refused(Refusal.TOO_SHORT);
        }
        ByteReader reader = new ByteReader(datagram);
        int type = reader.u16();
        int length = reader.u16();
        if (type > 0x3FFF) {
            return new StunParse.Refused(Refusal.NOT_STUN); // "the most significant 2 bits ... MUST be zeroes"
        }
        if (reader.i32() != StunMessage.MAGIC_COOKIE) {
            return new StunParse.Refused(Refusal.NO_MAGIC_COOKIE);
        }
        TransactionId id = new TransactionId(reader.i32(), reader.i64());
        if (length % 4 != 0 || length != reader.remaining()) {
            return new StunParse.Refused(Refusal.WRONG_LENGTH);
        }
        Refusal refusal = readAttributes(reader, id);
        if (refusal != null) {
            return new StunParse.Refused(refusal);
        }
        StunMessage message = new StunMessage(StunClass.ofType(type), StunClass.methodOfType(type), id, attributes);
        return new StunParse.Received(message, hasFingerprint, new StunSeal(covered == null ? datagram : covered, mac));
    }

    private @Nullable Refusal readAttributes(ByteReader reader, TransactionId id) {
        int count = 0;
        while (reader.hasRemaining()) {
            if (hasFingerprint) {
                return Refusal.MALFORMED_ATTRIBUTE; // "the FINGERPRINT attribute MUST be the last attribute"
            }
            if (++count > ATTRIBUTES_LIMIT) {
                return Refusal.TOO_MANY_ATTRIBUTES;
            }
            int start = reader.position();
            int type = reader.u16();
            int length = reader.u16();
            ByteBuffer value = reader.slice(length);
            reader.skip(-length & 3);
            if (reader.isTruncated()) {
                return Refusal.TRUNCATED_ATTRIBUTE;
            }
            Refusal refusal = readAttribute(start, type, value, id);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    private @Nullable Refusal readAttribute(int start, int type, ByteBuffer value, TransactionId id) {
        if (type == StunAttribute.FINGERPRINT) {
            hasFingerprint = true;
            boolean right =
                    value.remaining() == 4 && value.getInt() == StunMessage.fingerprint(datagram.slice(0, start));
            return right ? null : Refusal.WRONG_FINGERPRINT;
        }
        if (mac != null) {
            return null; // "attributes that follow MESSAGE-INTEGRITY ... MUST be ignored"
        }
        if (type == StunAttribute.MESSAGE_INTEGRITY) {
            if (value.remaining() != StunKey.MAC_BYTES) {
                return Refusal.MALFORMED_ATTRIBUTE;
            }
            mac = new byte[StunKey.MAC_BYTES];
            value.get(mac);
            covered = datagram.slice(0, start);
            return null;
        }
        StunAttribute attribute = StunAttributeCodec.read(type, value, id);
        if (attribute == null) {
            return StunAttribute.isComprehensionRequired(type) ? Refusal.MALFORMED_ATTRIBUTE : null;
        }
        attributes.add(attribute);
        return null;
    }
}
