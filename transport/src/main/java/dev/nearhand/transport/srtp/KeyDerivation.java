package dev.nearhand.transport.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Session keys from a master key and its salt, with AES in counter mode (RFC 3711 section 4.3, RFC 7714 section 11).
///
/// The key derivation rate is zero, as DTLS-SRTP has it: every key is derived once.
final class KeyDerivation {
    static final int RTP_ENCRYPTION = 0;
    static final int RTP_AUTHENTICATION = 1;
    static final int RTP_SALT = 2;
    static final int RTCP_ENCRYPTION = 3;
    static final int RTCP_AUTHENTICATION = 4;
    static final int RTCP_SALT = 5;

    private static final int BLOCK_BYTES = 16;
    private static final int LABEL_OFFSET = 7;

    private final byte[] masterKey;
    private final byte[] masterSalt;

    /// @param masterSalt 14 bytes; a shorter one is padded with zeros on its right (RFC 7714 section 11)
    KeyDerivation(byte[] masterKey, byte[] masterSalt) {
        this.masterKey = masterKey.clone();
        this.masterSalt = Arrays.copyOf(masterSalt, BLOCK_BYTES);
    }

    byte[] derive(int label, int lengthBytes) {
        byte[] iv = masterSalt.clone();
        iv[LABEL_OFFSET] ^= (byte) label;
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(masterKey, "AES"), new IvParameterSpec(iv));
            return cipher.doFinal(new byte[lengthBytes]);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES in counter mode is part of every JDK", impossible);
        }
    }
}
