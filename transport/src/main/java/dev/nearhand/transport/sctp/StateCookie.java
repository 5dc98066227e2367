package dev.nearhand.transport.sctp;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// What the answering side wants to know again when COOKIE ECHO comes, so that an INIT alone costs it no memory
/// ([RFC 9260 section 5.1.3](https://www.rfc-editor.org/rfc/rfc9260#section-5.1.3)).
///
/// @param localTieTag this side's tag in the association that stood when the INIT came, or 0
/// @param peerTieTag the peer's tag in it, or 0
record StateCookie(
        long createdNanos, int localTag, int localInitialTsn, int localTieTag, int peerTieTag, PeerTerms peer) {
    /// "Valid.Cookie.Life"
    static final long LIFETIME_NANOS = 60_000_000_000L;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAC_BYTES = 32;
    private static final int CONTENT_BYTES = 8 + 4 * 4 + 4 + 4 + 8 + 2 + 2 + 1;

    /// The secret that seals the cookies of one association.
    record Key(SecretKeySpec secret) {
        static Key generate(RandomGenerator secrets) {
            byte[] bytes = new byte[MAC_BYTES];
            secrets.nextBytes(bytes);
            return new Key(new SecretKeySpec(bytes, ALGORITHM));
        }

        private byte[] mac(byte[] content, int length) {
            try {
                Mac mac = Mac.getInstance(ALGORITHM);
                mac.init(secret);
                mac.update(content, 0, length);
                return mac.doFinal();
            } catch (GeneralSecurityException failure) {
                throw new IllegalStateException("every Java runtime has " + ALGORITHM, failure);
            }
        }
    }

    boolean isStale(long nowNanos) {
        return nowNanos - createdNanos > LIFETIME_NANOS;
    }

    ByteBuffer seal(Key key) {
        ByteBuffer out = ByteBuffer.allocate(CONTENT_BYTES + MAC_BYTES);
        out.putLong(createdNanos)
                .putInt(localTag)
                .putInt(localInitialTsn)
                .putInt(localTieTag)
                .putInt(peerTieTag)
                .putInt(peer.tag())
                .putInt(peer.initialTsn())
                .putLong(peer.windowBytes())
                .putShort((short) peer.outboundStreams())
                .putShort((short) peer.inboundStreams())
                .put((byte) ((peer.forwardTsn() ? 1 : 0)
                        | (peer.reconfig() ? 2 : 0)
                        | (peer.interleaving() ? 4 : 0)
                        | (peer.zeroChecksum() ? 8 : 0)
                        | (peer.padding() ? 16 : 0)));
        out.put(key.mac(out.array(), CONTENT_BYTES));
        return out.flip();
    }

    /// Reads a cookie back; null when this key did not seal it.
    static @Nullable StateCookie open(ByteBuffer sealed, Key key) {
        if (sealed.remaining() != CONTENT_BYTES + MAC_BYTES) {
            return null;
        }
        byte[] bytes = new byte[sealed.remaining()];
        sealed.get(sealed.position(), bytes);
        byte[] mac = Arrays.copyOfRange(bytes, CONTENT_BYTES, bytes.length);
        if (!MessageDigest.isEqual(mac, key.mac(bytes, CONTENT_BYTES))) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long created = in.getLong();
        int localTag = in.getInt();
        int localTsn = in.getInt();
        int localTie = in.getInt();
        int peerTie = in.getInt();
        int peerTag = in.getInt();
        int peerTsn = in.getInt();
        long window = in.getLong();
        int outbound = in.getShort() & 0xFFFF;
        int inbound = in.getShort() & 0xFFFF;
        int flags = in.get();
        PeerTerms peer = new PeerTerms(
                peerTag,
                peerTsn,
                window,
                outbound,
                inbound,
                (flags & 1) != 0,
                (flags & 2) != 0,
                (flags & 4) != 0,
                (flags & 8) != 0,
                (flags & 16) != 0);
        return new StateCookie(created, localTag, localTsn, localTie, peerTie, peer);
    }
}
