package dev.nearhand.transport.turn.server;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Nonces that say themselves until when they are good, signed together with whom they were given to: nothing is kept
/// for who only asks.
final class Nonces {
    private static final int KEY_BYTES = 32;
    private static final int TIME_CHARACTERS = 16;
    private static final int MAC_BYTES = 12;
    private static final HexFormat HEX = HexFormat.of();

    private final RandomGenerator random;
    private final long lifetimeNanos;
    private Mac mac;

    Nonces(RandomGenerator random, long lifetimeNanos) {
        this.random = random;
        this.lifetimeNanos = lifetimeNanos;
        this.mac = newMac();
    }

    /// All nonces that were given are stale from now on.
    void renew() {
        mac = newMac();
    }

    private Mac newMac() {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        try {
            Mac made = Mac.getInstance("HmacSHA256");
            made.init(new SecretKeySpec(key, "HmacSHA256"));
            return made;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has HmacSHA256", impossible);
        }
    }

    String issue(long nowNanos, InetSocketAddress client) {
        String ends = HEX.toHexDigits(nowNanos + lifetimeNanos);
        return ends + sign(ends, client);
    }

    boolean isGood(long nowNanos, String nonce, InetSocketAddress client) {
        if (nonce.length() != TIME_CHARACTERS + 2 * MAC_BYTES) {
            return false;
        }
        String ends = nonce.substring(0, TIME_CHARACTERS);
        byte[] signed = nonce.substring(TIME_CHARACTERS).getBytes(StandardCharsets.UTF_8);
        byte[] expected = sign(ends, client).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(signed, expected) && nowNanos < HexFormat.fromHexDigitsToLong(ends);
    }

    private String sign(String ends, InetSocketAddress client) {
        mac.update(ends.getBytes(StandardCharsets.UTF_8));
        mac.update(client.getAddress().getAddress());
        mac.update(ByteBuffer.allocate(2).putShort((short) client.getPort()).flip());
        return HEX.formatHex(Arrays.copyOf(mac.doFinal(), MAC_BYTES));
    }
}
