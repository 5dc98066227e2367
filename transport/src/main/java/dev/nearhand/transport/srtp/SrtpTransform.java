package dev.nearhand.transport.srtp;

/// The ciphers of one direction, with their session keys; knows nothing of replay and of which index comes next.
///
/// Works in place on `packet[offset, offset + length)`. An `open…` that answers [#NOT_AUTHENTIC] has changed nothing.
sealed interface SrtpTransform permits AesCmTransform, AesGcmTransform {
    int NOT_AUTHENTIC = -1;

    /// The part of an RTCP packet that always stays readable: the first header and the SSRC of its sender.
    int RTCP_CLEAR_BYTES = 8;

    /// The E bit and the SRTCP index.
    int RTCP_INDEX_BYTES = 4;

    /// Set in the index word of an SRTCP packet that is encrypted.
    int ENCRYPTED_FLAG = 0x8000_0000;

    /// @param index the rollover counter and the sequence number, 48 bits
    /// @return the new length
    int sealRtp(byte[] packet, int offset, int headerBytes, int length, int ssrc, long index);

    /// @return the length of the plain packet, or [#NOT_AUTHENTIC]
    int openRtp(byte[] packet, int offset, int headerBytes, int length, int ssrc, long index);

    /// Encrypts, and appends index and tag in the profile's order.
    ///
    /// @param index 31 bits
    /// @return the new length
    int sealRtcp(byte[] packet, int offset, int length, int ssrc, int index);

    /// The index word with its E bit, of a packet that is long enough to have one.
    int rtcpIndexWord(byte[] packet, int offset, int length);

    /// @return the length of the plain packet, or [#NOT_AUTHENTIC]
    int openRtcp(byte[] packet, int offset, int length, int ssrc, int indexWord);

    static void putInt(byte[] bytes, int offset, int value) {
        bytes[offset] = (byte) (value >>> 24);
        bytes[offset + 1] = (byte) (value >>> 16);
        bytes[offset + 2] = (byte) (value >>> 8);
        bytes[offset + 3] = (byte) value;
    }

    static int getInt(byte[] bytes, int offset) {
        return (bytes[offset] & 0xFF) << 24
                | (bytes[offset + 1] & 0xFF) << 16
                | (bytes[offset + 2] & 0xFF) << 8
                | bytes[offset + 3] & 0xFF;
    }

    /// Writes `salt XOR (ssrc, index)` into `iv`: the SSRC at `ssrcOffset`, the 48 bits of the index right behind it.
    static void fillIv(byte[] iv, byte[] salt, int ssrcOffset, int ssrc, long index) {
        System.arraycopy(salt, 0, iv, 0, salt.length);
        for (int i = 0; i < 4; i++) {
            iv[ssrcOffset + i] ^= (byte) (ssrc >>> 24 - 8 * i);
        }
        for (int i = 0; i < 6; i++) {
            iv[ssrcOffset + 4 + i] ^= (byte) (index >>> 40 - 8 * i);
        }
    }
}
