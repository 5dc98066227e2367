package dev.nearhand.transport.wire;

import java.util.Arrays;

/// Which of the last [#WINDOW_PACKETS] numbers of a sequence have been seen: the packet indices of an SRTP source (RFC
/// 3711 section 3.3.2), the sequence numbers of DTLS records (RFC 6347 section 4.1.2.6).
///
/// Wider than the 64 that both ask for: a retransmission on the same SSRC arrives a round trip late, which at a high
/// rate is a thousand packets, and so may a record that took the longer way.
public final class ReplayWindow {
    public static final int WINDOW_PACKETS = 4096;

    private static final long NONE = -1;

    private final long[] seen = new long[WINDOW_PACKETS / Long.SIZE];
    private long newest = NONE;

    /// The highest number so far, or -1.
    public long newest() {
        return newest;
    }

    /// Whether a number is so far behind that it can no longer be told whether it was seen.
    public boolean isTooOld(long index) {
        return index <= newest - WINDOW_PACKETS;
    }

    /// Whether a number that is not too old has been seen before.
    public boolean hasSeen(long index) {
        return index <= newest && (seen[word(index)] & 1L << index) != 0;
    }

    /// Notes a number that was neither too old nor seen, and whose packet is authentic.
    public void accept(long index) {
        if (index > newest) {
            forgetUpTo(index);
            newest = index;
        }
        seen[word(index)] |= 1L << index;
    }

    private void forgetUpTo(long index) {
        if (index - newest >= WINDOW_PACKETS) {
            Arrays.fill(seen, 0);
            return;
        }
        for (long skipped = newest + 1; skipped <= index; skipped++) {
            seen[word(skipped)] &= ~(1L << skipped);
        }
    }

    private static int word(long index) {
        return (int) (index % WINDOW_PACKETS) / Long.SIZE;
    }
}
