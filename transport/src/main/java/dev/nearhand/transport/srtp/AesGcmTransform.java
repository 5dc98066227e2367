package dev.nearhand.transport.srtp;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AEAD_AES_128_GCM (RFC 7714) on the JDK's cipher.
final class AesGcmTransform implements SrtpTransform {
    private static final int TAG_BYTES = 16;
    private static final int SALT_BYTES = 12;
    private static final int IV_SSRC_OFFSET = 2;

    private final Half rtp;
    private final Half rtcp;
    private final byte[] indexWord = new byte[RTCP_INDEX_BYTES];

    AesGcmTransform(byte[] rtpKey, byte[] rtpSalt, byte[] rtcpKey, byte[] rtcpSalt) {
        this.rtp = new Half(rtpKey, rtpSalt);
        this.rtcp = new Half(rtcpKey, rtcpSalt);
    }

    static AesGcmTransform derive(KeyDerivation keys) {
        return new AesGcmTransform(
                keys.derive(KeyDerivation.RTP_ENCRYPTION, 16),
                keys.derive(KeyDerivation.RTP_SALT, SALT_BYTES),
                keys.derive(KeyDerivation.RTCP_ENCRYPTION, 16),
                keys.derive(KeyDerivation.RTCP_SALT, SALT_BYTES));
    }

    @Override
    public int sealRtp(byte[] packet, int offset, int headerBytes, int length, int ssrc, long index) {
        try {
            Cipher cipher = rtp.encrypting(ssrc, index);
            cipher.updateAAD(packet, offset, headerBytes);
            int body = offset + headerBytes;
            return headerBytes + cipher.doFinal(packet, body, length - headerBytes, packet, body);
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException(bug);
        }
    }

    @Override
    public int openRtp(byte[] packet, int offset, int headerBytes, int length, int ssrc, long index) {
        int body = length - headerBytes;
        if (body < TAG_BYTES) {
            return NOT_AUTHENTIC;
        }
        try {
            Cipher cipher = rtp.decrypting(ssrc, index);
            cipher.updateAAD(packet, offset, headerBytes);
            int plain = rtp.finish(cipher, packet, offset + headerBytes, body, offset + headerBytes);
            return plain < 0 ? NOT_AUTHENTIC : headerBytes + plain;
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException(bug);
        }
    }

    /// RFC 7714 section 9.3: the tag stands before the index word, which is authenticated with the header.
    @Override
    public int sealRtcp(byte[] packet, int offset, int length, int ssrc, int index) {
        try {
            Cipher cipher = rtcp.encrypting(ssrc, index);
            SrtpTransform.putInt(indexWord, 0, index | ENCRYPTED_FLAG);
            cipher.updateAAD(packet, offset, RTCP_CLEAR_BYTES);
            cipher.updateAAD(indexWord);
            int body = offset + RTCP_CLEAR_BYTES;
            int end = body + cipher.doFinal(packet, body, length - RTCP_CLEAR_BYTES, packet, body);
            System.arraycopy(indexWord, 0, packet, end, RTCP_INDEX_BYTES);
            return end + RTCP_INDEX_BYTES - offset;
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException(bug);
        }
    }

    @Override
    public int rtcpIndexWord(byte[] packet, int offset, int length) {
        return SrtpTransform.getInt(packet, offset + length - RTCP_INDEX_BYTES);
    }

    @Override
    public int openRtcp(byte[] packet, int offset, int length, int ssrc, int word) {
        boolean encrypted = (word & ENCRYPTED_FLAG) != 0;
        int clear = encrypted ? RTCP_CLEAR_BYTES : length - RTCP_INDEX_BYTES - TAG_BYTES;
        int body = length - RTCP_INDEX_BYTES - clear;
        if (clear < RTCP_CLEAR_BYTES || body < TAG_BYTES) {
            return NOT_AUTHENTIC;
        }
        try {
            Cipher cipher = rtcp.decrypting(ssrc, word & ~ENCRYPTED_FLAG);
            cipher.updateAAD(packet, offset, clear);
            cipher.updateAAD(packet, offset + length - RTCP_INDEX_BYTES, RTCP_INDEX_BYTES);
            int plain = rtcp.finish(cipher, packet, offset + clear, body, offset + clear);
            return plain < 0 ? NOT_AUTHENTIC : clear + plain;
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException(bug);
        }
    }

    /// The ciphers of RTP, or those of RTCP.
    private static final class Half {
        private final SecretKeySpec key;
        private final byte[] salt;
        private final byte[] iv = new byte[SALT_BYTES];
        private final Cipher decrypt = newCipher();
        private Cipher encrypt = newCipher();
        private byte[] opened = new byte[2048];

        Half(byte[] key, byte[] salt) {
            this.key = new SecretKeySpec(key, "AES");
            this.salt = salt;
        }

        Cipher encrypting(int ssrc, long index) throws GeneralSecurityException {
            SrtpTransform.fillIv(iv, salt, IV_SSRC_OFFSET, ssrc, index);
            GCMParameterSpec parameters = new GCMParameterSpec(TAG_BYTES * 8, iv);
            try {
                encrypt.init(Cipher.ENCRYPT_MODE, key, parameters);
            } catch (InvalidAlgorithmParameterException sameIvAgain) {
                // A packet is sent twice in a row: the same bytes under the same IV give the same bytes again, which
                // tells nobody anything. The JDK cannot know that and refuses; a new cipher does not remember.
                encrypt = newCipher();
                encrypt.init(Cipher.ENCRYPT_MODE, key, parameters);
            }
            return encrypt;
        }

        Cipher decrypting(int ssrc, long index) throws GeneralSecurityException {
            SrtpTransform.fillIv(iv, salt, IV_SSRC_OFFSET, ssrc, index);
            decrypt.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BYTES * 8, iv));
            return decrypt;
        }

        /// Decrypts beside the packet first, so that one that is not authentic stays as it came.
        int finish(Cipher cipher, byte[] packet, int from, int length, int to) throws GeneralSecurityException {
            if (opened.length < length) {
                opened = new byte[length];
            }
            int plain;
            try {
                plain = cipher.doFinal(packet, from, length, opened, 0);
            } catch (AEADBadTagException _) {
                return NOT_AUTHENTIC;
            }
            System.arraycopy(opened, 0, packet, to, plain);
            return plain;
        }

        private static Cipher newCipher() {
            try {
                return Cipher.getInstance("AES/GCM/NoPadding");
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException("AES-GCM is part of every JDK", impossible);
            }
        }
    }
}
