package dev.nearhand.transport.dtls;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// One direction of AES-GCM for the records of DTLS 1.2 (RFC 5288, RFC 5246 section 6.2.3.3), on the JDK's cipher.
///
/// Works between arrays, which the JDK does faster than between buffers; the two must not be the same, or it copies
/// once more. Knows no sequence and no window. Belongs to one thread at a time.
final class AesGcmRecords {
    static final int EXPLICIT_NONCE_BYTES = 8;
    static final int TAG_BYTES = 16;
    static final int NOT_AUTHENTIC = -1;

    private static final int SALT_BYTES = 4;
    private static final int ADDITIONAL_BYTES = 13;

    private final int mode;
    private final SecretKeySpec key;
    private final Cipher cipher;
    private final byte[] nonce = new byte[SALT_BYTES + EXPLICIT_NONCE_BYTES];
    private final byte[] additional = new byte[ADDITIONAL_BYTES];

    /// @param mode `Cipher.ENCRYPT_MODE` or `Cipher.DECRYPT_MODE`
    /// @param key 16 or 32 bytes
    /// @param salt the implicit four bytes of the nonce
    AesGcmRecords(int mode, byte[] key, byte[] salt) {
        if (salt.length != SALT_BYTES) {
            throw new IllegalArgumentException("the salt has " + SALT_BYTES + " bytes, not " + salt.length);
        }
        this.mode = mode;
        this.key = new SecretKeySpec(key, "AES");
        System.arraycopy(salt, 0, nonce, 0, SALT_BYTES);
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES-GCM is part of every JDK", impossible);
        }
    }

    /// Writes explicit nonce, ciphertext and tag.
    ///
    /// @param number epoch and sequence number, which "MAY be the nonce" (RFC 5288 section 3)
    /// @return how many bytes were written: 24 more than `length`
    int seal(long number, int type, byte[] plain, int from, int length, byte[] out, int at) {
        RecordHeader.putLong(nonce, SALT_BYTES, number);
        System.arraycopy(nonce, SALT_BYTES, out, at, EXPLICIT_NONCE_BYTES);
        try {
            begin(number, type, length);
            return EXPLICIT_NONCE_BYTES + cipher.doFinal(plain, from, length, out, at + EXPLICIT_NONCE_BYTES);
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException(bug);
        }
    }

    /// Reads explicit nonce, ciphertext and tag, together at least 24 bytes.
    ///
    /// @return the length of the plain text, or [#NOT_AUTHENTIC]
    int open(long number, int type, byte[] sealed, int from, int length, byte[] out, int at) {
        System.arraycopy(sealed, from, nonce, SALT_BYTES, EXPLICIT_NONCE_BYTES);
        int encrypted = length - EXPLICIT_NONCE_BYTES;
        try {
            begin(number, type, encrypted - TAG_BYTES);
            return cipher.doFinal(sealed, from + EXPLICIT_NONCE_BYTES, encrypted, out, at);
        } catch (AEADBadTagException _) {
            return NOT_AUTHENTIC;
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException(bug);
        }
    }

    private void begin(long number, int type, int plainBytes) throws GeneralSecurityException {
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        RecordHeader.putLong(additional, 0, number);
        additional[8] = (byte) type;
        additional[9] = (byte) (RecordHeader.VERSION >> 8);
        additional[10] = (byte) RecordHeader.VERSION;
        additional[11] = (byte) (plainBytes >> 8);
        additional[12] = (byte) plainBytes;
        cipher.updateAAD(additional);
    }
}
