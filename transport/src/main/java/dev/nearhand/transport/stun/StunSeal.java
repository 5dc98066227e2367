package dev.nearhand.transport.stun;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// The MESSAGE-INTEGRITY of a received message, to be compared with a key. A view of the datagram: valid as long as the
/// datagram's buffer is.
public final class StunSeal {
    /// What the comparison says.
    public enum Verdict {
        VALID,
        WRONG,
        ABSENT
    }

    private final ByteBuffer covered;
    private final byte @Nullable [] mac;

    StunSeal(ByteBuffer covered, byte @Nullable [] mac) {
        this.covered = covered;
        this.mac = mac;
    }

    /// Whether there is one at all.
    public boolean isPresent() {
        return mac != null;
    }

    public Verdict verify(StunKey key) {
        if (mac == null) {
            return Verdict.ABSENT;
        }
        return MessageDigest.isEqual(mac, key.sign(covered)) ? Verdict.VALID : Verdict.WRONG;
    }
}
