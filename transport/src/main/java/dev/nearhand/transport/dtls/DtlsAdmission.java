package dev.nearhand.transport.dtls;

import java.nio.ByteBuffer;

/// Decides which datagrams are let in to a DTLS handshake: those made of whole records, whose plain handshake messages
/// are of a size that a WebRTC peer sends.
///
/// It stands before the implementation because a message's length is believed, and memory of that length reserved,
/// before anything is authenticated (RFC 6347 section 4.2.3 allows 16 MiB). Authenticates nothing itself.
public final class DtlsAdmission {
    /// No handshake message of a WebRTC peer is longer: the largest, a chain of certificates, is one certificate long.
    public static final int LONGEST_MESSAGE_BYTES = 1 << 15;

    private static final int RECORD_HEADER_BYTES = 13;
    private static final int MESSAGE_HEADER_BYTES = 12;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;

    private DtlsAdmission() {}

    /// Whether all of the remaining bytes are records that may be looked at; does not move the position.
    public static boolean admits(ByteBuffer datagram) {
        int position = datagram.position();
        if (!datagram.hasRemaining()) {
            return false;
        }
        while (position < datagram.limit()) {
            if (datagram.limit() - position < RECORD_HEADER_BYTES) {
                return false;
            }
            int type = datagram.get(position) & 0xFF;
            boolean isDtls = (datagram.get(position + 1) & 0xFF) == 0xFE;
            int epoch = u16(datagram, position + 3);
            int end = position + RECORD_HEADER_BYTES + u16(datagram, position + 11);
            if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA || !isDtls || end > datagram.limit()) {
                return false;
            }
            if (type == HANDSHAKE && epoch == 0 && !admitsMessages(datagram, position + RECORD_HEADER_BYTES, end)) {
                return false;
            }
            position = end;
        }
        return true;
    }

    private static boolean admitsMessages(ByteBuffer datagram, int from, int end) {
        int position = from;
        while (position < end) {
            if (end - position < MESSAGE_HEADER_BYTES) {
                return false;
            }
            int length = u24(datagram, position + 1);
            int fragmentOffset = u24(datagram, position + 6);
            int fragmentLength = u24(datagram, position + 9);
            int next = position + MESSAGE_HEADER_BYTES + fragmentLength;
            if (length > LONGEST_MESSAGE_BYTES || fragmentOffset + fragmentLength > length || next > end) {
                return false;
            }
            position = next;
        }
        return true;
    }

    private static int u16(ByteBuffer bytes, int at) {
        return (bytes.get(at) & 0xFF) << 8 | bytes.get(at + 1) & 0xFF;
    }

    private static int u24(ByteBuffer bytes, int at) {
        return (bytes.get(at) & 0xFF) << 16 | u16(bytes, at + 1);
    }
}
