package dev.nearhand.app.bench;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What a verified transfer has to hash to, written down from the contract: byte k of message i is (i + k) & 255, and
/// its first four bytes are i, big-endian.
final class Expected {
    private Expected() {}

    static String sha256(int size, long count) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] message = new byte[size];
            for (int i = 0; i < count; i++) {
                for (int k = 0; k < size; k++) {
                    message[k] = (byte) (i + k);
                }
                ByteBuffer.wrap(message).putInt(0, i);
                digest.update(message);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
