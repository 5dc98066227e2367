package dev.nearhand.transport.stun;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A key for MESSAGE-INTEGRITY: HMAC-SHA1 (RFC 8489 section 14.5). Belongs to one thread; keeps its MAC for reuse.
///
/// Does not prepare passwords (RFC 8265): what is given is used byte for byte, as ICE passwords are ASCII.
public final class StunKey {
    static final int MAC_BYTES = 20;

    private final Mac mac;

    private StunKey(byte[] key) {
        try {
            mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(key, "HmacSHA1"));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has HmacSHA1", impossible);
        }
    }

    /// The short-term mechanism, ICE's: the password itself.
    public static StunKey shortTerm(String password) {
        return new StunKey(password.getBytes(StandardCharsets.UTF_8));
    }

    /// The long-term mechanism, TURN's: `MD5(username ":" realm ":" password)`.
    public static StunKey longTerm(String username, String realm, String password) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            return new StunKey(md5.digest((username + ":" + realm + ":" + password).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has MD5", impossible);
        }
    }

    /// The MAC over a message up to MESSAGE-INTEGRITY, whose header is taken to say that it ends there: "the length
    /// MUST then be set to point to the length of the message up to, and including, the MESSAGE-INTEGRITY
    /// attribute".
    ///
    /// @param covered the header and all attributes before MESSAGE-INTEGRITY
    byte[] sign(ByteBuffer covered) {
        int length = covered.remaining() - StunMessage.HEADER_BYTES + StunMessage.ATTRIBUTE_HEADER_BYTES + MAC_BYTES;
        ByteBuffer bytes = covered.duplicate();
        mac.update(bytes.get());
        mac.update(bytes.get());
        mac.update((byte) (length >> 8));
        mac.update((byte) length);
        bytes.position(bytes.position() + 2);
        mac.update(bytes);
        return mac.doFinal();
    }
}
