package dev.nearhand.transport.bc;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.tls.crypto.impl.TlsAEADCipherImpl;
import org.jspecify.annotations.Nullable;

/// One direction of AES-GCM (RFC 5288) for BouncyCastle's record layer, by the JDK's cipher.
final class JdkAesGcm implements TlsAEADCipherImpl {
    private static final String TRANSFORMATION = "AES/GCM/NoPadding";

    private final int mode;
    private final Cipher cipher;
    private @Nullable SecretKey key;

    JdkAesGcm(boolean encrypts) {
        mode = encrypts ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE;
        try {
            cipher = Cipher.getInstance(TRANSFORMATION);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java runtime has no " + TRANSFORMATION, missing);
        }
    }

    @Override
    public void setKey(byte[] bytes, int offset, int length) {
        key = new SecretKeySpec(bytes, offset, length, "AES");
    }

    @Override
    public void init(byte[] nonce, int tagBytes) {
        try {
            cipher.init(mode, key, new GCMParameterSpec(tagBytes * Byte.SIZE, nonce));
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException("AES-GCM takes no such key or nonce", bug);
        }
    }

    @Override
    public int getOutputSize(int inputBytes) {
        return cipher.getOutputSize(inputBytes);
    }

    /// @throws IllegalStateException when the tag does not fit, which the record layer takes for a bad record
    @Override
    public int doFinal(byte[] additional, byte[] input, int offset, int length, byte[] output, int outputOffset) {
        try {
            cipher.updateAAD(additional);
            return cipher.doFinal(input, offset, length, output, outputOffset);
        } catch (GeneralSecurityException notAuthentic) {
            throw new IllegalStateException("not authentic", notAuthentic);
        }
    }
}
