package dev.nearhand.transport.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES_CM_128_HMAC_SHA1_80: AES in counter mode, then HMAC-SHA1 over everything, cut to 80 bits (RFC 3711 sections
/// 4.1.1 and 4.2.1).
final class AesCmTransform implements SrtpTransform {
    private static final int TAG_BYTES = 10;
    private static final int SALT_BYTES = 14;
    private static final int AUTHENTICATION_KEY_BYTES = 20;
    private static final int IV_SSRC_OFFSET = 4;

    private final Half rtp;
    private final Half rtcp;

    AesCmTransform(SessionKeys rtp, SessionKeys rtcp) {
        this.rtp = new Half(rtp);
        this.rtcp = new Half(rtcp);
    }

    static AesCmTransform derive(KeyDerivation keys) {
        return new AesCmTransform(
                new SessionKeys(
                        keys.derive(KeyDerivation.RTP_ENCRYPTION, 16),
                        keys.derive(KeyDerivation.RTP_SALT, SALT_BYTES),
                        keys.derive(KeyDerivation.RTP_AUTHENTICATION, AUTHENTICATION_KEY_BYTES)),
                new SessionKeys(
                        keys.derive(KeyDerivation.RTCP_ENCRYPTION, 16),
                        keys.derive(KeyDerivation.RTCP_SALT, SALT_BYTES),
                        keys.derive(KeyDerivation.RTCP_AUTHENTICATION, AUTHENTICATION_KEY_BYTES)));
    }

    @Override
    public int sealRtp(byte[] packet, int offset, int headerBytes, int length, int ssrc, long index) {
        rtp.crypt(packet, offset + headerBytes, length - headerBytes, ssrc, index);
        // RFC 3711 section 4.2: the rollover counter is authenticated, though it is not sent
        byte[] tag = rtp.tag(packet, offset, length, (int) (index >>> 16), true);
        System.arraycopy(tag, 0, packet, offset + length, TAG_BYTES);
        return length + TAG_BYTES;
    }

    @Override
    public int openRtp(byte[] packet, int offset, int headerBytes, int length, int ssrc, long index) {
        int plain = length - TAG_BYTES;
        if (plain < headerBytes) {
            return NOT_AUTHENTIC;
        }
        byte[] tag = rtp.tag(packet, offset, plain, (int) (index >>> 16), true);
        if (!matches(tag, packet, offset + plain)) {
            return NOT_AUTHENTIC;
        }
        rtp.crypt(packet, offset + headerBytes, plain - headerBytes, ssrc, index);
        return plain;
    }

    @Override
    public int sealRtcp(byte[] packet, int offset, int length, int ssrc, int index) {
        rtcp.crypt(packet, offset + RTCP_CLEAR_BYTES, length - RTCP_CLEAR_BYTES, ssrc, index);
        SrtpTransform.putInt(packet, offset + length, index | ENCRYPTED_FLAG);
        int authenticated = length + RTCP_INDEX_BYTES;
        System.arraycopy(
                rtcp.tag(packet, offset, authenticated, 0, false), 0, packet, offset + authenticated, TAG_BYTES);
        return authenticated + TAG_BYTES;
    }

    @Override
    public int rtcpIndexWord(byte[] packet, int offset, int length) {
        return SrtpTransform.getInt(packet, offset + length - TAG_BYTES - RTCP_INDEX_BYTES);
    }

    @Override
    public int openRtcp(byte[] packet, int offset, int length, int ssrc, int word) {
        int authenticated = length - TAG_BYTES;
        int plain = authenticated - RTCP_INDEX_BYTES;
        if (plain < RTCP_CLEAR_BYTES
                || !matches(rtcp.tag(packet, offset, authenticated, 0, false), packet, offset + authenticated)) {
            return NOT_AUTHENTIC;
        }
        if ((word & ENCRYPTED_FLAG) != 0) {
            rtcp.crypt(packet, offset + RTCP_CLEAR_BYTES, plain - RTCP_CLEAR_BYTES, ssrc, word & ~ENCRYPTED_FLAG);
        }
        return plain;
    }

    /// Takes the same time whichever byte differs.
    private static boolean matches(byte[] tag, byte[] packet, int offset) {
        int difference = 0;
        for (int i = 0; i < TAG_BYTES; i++) {
            difference |= tag[i] ^ packet[offset + i];
        }
        return difference == 0;
    }

    /// What is derived for RTP, or for RTCP.
    @SuppressWarnings("ArrayRecordComponent")
    record SessionKeys(byte[] encryption, byte[] salt, byte[] authentication) {}

    /// The ciphers of RTP, or those of RTCP.
    private static final class Half {
        private final SecretKeySpec key;
        private final byte[] salt;
        private final byte[] iv = new byte[16];
        private final byte[] rolloverCounter = new byte[4];
        private final byte[] tag = new byte[20];
        private final Cipher cipher;
        private final Mac mac;

        Half(SessionKeys keys) {
            this.key = new SecretKeySpec(keys.encryption(), "AES");
            this.salt = keys.salt();
            try {
                this.cipher = Cipher.getInstance("AES/CTR/NoPadding");
                this.mac = Mac.getInstance("HmacSHA1");
                mac.init(new SecretKeySpec(keys.authentication(), "HmacSHA1"));
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException("AES-CTR and HMAC-SHA1 are part of every JDK", impossible);
            }
        }

        void crypt(byte[] packet, int from, int length, int ssrc, long index) {
            Arrays.fill(iv, (byte) 0);
            SrtpTransform.fillIv(iv, salt, IV_SSRC_OFFSET, ssrc, index);
            try {
                cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
                cipher.doFinal(packet, from, length, packet, from);
            } catch (GeneralSecurityException bug) {
                throw new IllegalStateException(bug);
            }
        }

        /// The whole tag in an array that the next call overwrites.
        byte[] tag(byte[] packet, int offset, int length, int roc, boolean withRoc) {
            mac.update(packet, offset, length);
            if (withRoc) {
                SrtpTransform.putInt(rolloverCounter, 0, roc);
                mac.update(rolloverCounter);
            }
            try {
                mac.doFinal(tag, 0);
            } catch (GeneralSecurityException bug) {
                throw new IllegalStateException(bug);
            }
            return tag;
        }
    }
}
