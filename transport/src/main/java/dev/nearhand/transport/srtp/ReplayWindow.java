package dev.nearhand.transport.srtp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Which of the last [#WINDOW_PACKETS] indices of a source have been seen (RFC 3711 section 3.3.2).
///
/// Wider than the 64 that the RFC asks for: a retransmission on the same SSRC arrives a round trip late, which at a
/// high rate is a thousand packets.
final class ReplayWindow {
    static final int WINDOW_PACKETS = 4096;

    private static final long NONE = -1;

    private final long[] seen = new long[WINDOW_PACKETS / Long.SIZE];
    private long newest = NONE;

    /// The highest index so far, or -1.
    long newest() {
        return newest;
    }

    /// Why an index must not be accepted, or null when it may be.
    @Nullable
    DropReason check(long index) {
        if (index > newest) {
            return null;
        }
        if (index <= newest - WINDOW_PACKETS) {
            return DropReason.TOO_OLD;
        }
        return isSeen(index) ? DropReason.REPLAYED : null;
    }

    /// Notes an index that [#check] allowed, and whose packet is authentic.
    void accept(long index) {
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

    private boolean isSeen(long index) {
        return (seen[word(index)] & 1L << index) != 0;
    }

    private static int word(long index) {
        return (int) (index % WINDOW_PACKETS) / Long.SIZE;
    }
}
