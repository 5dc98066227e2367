package dev.nearhand.transport.dtls;

import dev.nearhand.transport.wire.ReplayWindow;
import javax.crypto.Cipher;

/// What opens the records of epoch 1 that arrive, during the handshake and after it: AES-GCM, and the window in which
/// none is taken twice (RFC 6347 section 4.1.2.6).
///
/// Belongs to one thread at a time.
public final class RecordReader {
    /// The answer to a record that is not authentic.
    public static final int NOT_AUTHENTIC = AesGcmRecords.NOT_AUTHENTIC;

    /// The least that the body of a record has: nonce and tag.
    public static final int LEAST_BODY_BYTES = AesGcmRecords.EXPLICIT_NONCE_BYTES + AesGcmRecords.TAG_BYTES;

    private final AesGcmRecords cipher;
    private final ReplayWindow window = new ReplayWindow();

    /// @param key 16 or 32 bytes
    /// @param salt the implicit four bytes of the nonce
    public RecordReader(byte[] key, byte[] salt) {
        cipher = new AesGcmRecords(Cipher.DECRYPT_MODE, key, salt);
    }

    ReplayWindow window() {
        return window;
    }

    /// Opens the body of a record into `out`, another array than `sealed`, and notes its number when it is authentic.
    ///
    /// @param number epoch and sequence number
    /// @param length of the body, at least [#LEAST_BODY_BYTES]
    /// @return the length of the plain text, [#LEAST_BODY_BYTES] less than `length`, or [#NOT_AUTHENTIC]
    public int open(long number, int type, byte[] sealed, int from, int length, byte[] out, int at) {
        int plain = cipher.open(number, type, sealed, from, length, out, at);
        if (plain >= 0) {
            window.accept(RecordHeader.sequence(number));
        }
        return plain;
    }
}
