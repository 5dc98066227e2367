package dev.nearhand.transport.peer;

import java.nio.ByteBuffer;

/// Tells the protocols of one UDP port apart by the first bytes of a datagram
/// ([RFC 7983 section 7](https://www.rfc-editor.org/rfc/rfc7983#section-7), and
/// [RFC 5761 section 4](https://www.rfc-editor.org/rfc/rfc5761#section-4) for RTCP among RTP).
final class Demux {
    /// What a datagram is, as far as its first bytes say.
    enum Protocol {
        STUN,
        DTLS,
        RTP,
        RTCP,
        UNKNOWN
    }

    private static final int RTP_HEADER_BYTES = 12;
    private static final int RTCP_HEADER_BYTES = 8;
    private static final int DTLS_RECORD_HEADER_BYTES = 13;
    private static final int STUN_HEADER_BYTES = 20;

    private Demux() {}

    static Protocol classify(ByteBuffer datagram) {
        int length = datagram.remaining();
        if (length < 2) {
            return Protocol.UNKNOWN;
        }
        int first = datagram.get(datagram.position()) & 0xFF;
        if (first <= 3) {
            return atLeast(length, STUN_HEADER_BYTES, Protocol.STUN);
        }
        if (first >= 20 && first <= 63) {
            return atLeast(length, DTLS_RECORD_HEADER_BYTES, Protocol.DTLS);
        }
        if (first >= 128 && first <= 191) {
            // "the RTP payload type plus marker bit ... 192-223 is used for RTCP"
            int second = datagram.get(datagram.position() + 1) & 0xFF;
            return second >= 192 && second <= 223
                    ? atLeast(length, RTCP_HEADER_BYTES, Protocol.RTCP)
                    : atLeast(length, RTP_HEADER_BYTES, Protocol.RTP);
        }
        return Protocol.UNKNOWN;
    }

    private static Protocol atLeast(int length, int minimum, Protocol protocol) {
        return length >= minimum ? protocol : Protocol.UNKNOWN;
    }
}
