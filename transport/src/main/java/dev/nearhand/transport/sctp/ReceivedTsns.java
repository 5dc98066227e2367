package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.SackChunk;
import dev.nearhand.transport.wire.Serial32;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Which TSNs have arrived: everything up to the cumulative one, and the blocks beyond it; writes the SACK
/// ([RFC 9260 section 6.2](https://www.rfc-editor.org/rfc/rfc9260#section-6.2)). Knows nothing of the data itself.
final class ReceivedTsns {
    /// A gap block's offsets have 16 bits: what lies further ahead could not be acknowledged, so it is not taken.
    static final int SPAN_LIMIT = 0xFFFF;

    /// Gap blocks that are kept; DATA that would make one more is dropped, and comes again.
    static final int GAP_LIMIT = 2048;

    private static final int FEW_GAPS = 16;

    /// Duplicates that a SACK reports; more are forgotten.
    static final int DUPLICATE_LIMIT = 32;

    enum Verdict {
        NEW,
        DUPLICATE,
        OUT_OF_RANGE
    }

    private int cumulative;
    /// As long as has been needed so far: most associations never see many gaps at a time.
    private int[] firsts = {};

    private int[] lasts = {};
    private int gaps;
    private final int[] duplicates = new int[DUPLICATE_LIMIT];
    private int duplicateCount;

    ReceivedTsns(int initialTsn) {
        this.cumulative = initialTsn - 1;
    }

    int cumulative() {
        return cumulative;
    }

    boolean hasGaps() {
        return gaps > 0;
    }

    /// Whether a TSN would be taken, without taking it.
    Verdict verdict(int tsn) {
        int ahead = Serial32.distance(tsn, cumulative);
        if (ahead <= 0) {
            return Verdict.DUPLICATE;
        }
        if (ahead > SPAN_LIMIT) {
            return Verdict.OUT_OF_RANGE;
        }
        int block = blockUpTo(tsn);
        if (block >= 0 && Serial32.isNewerOrEqual(lasts[block], tsn)) {
            return Verdict.DUPLICATE;
        }
        return gaps == GAP_LIMIT && ahead != 1 && !touches(block, tsn) ? Verdict.OUT_OF_RANGE : Verdict.NEW;
    }

    /// Takes a TSN whose verdict is NEW.
    void add(int tsn) {
        if (tsn == cumulative + 1) {
            cumulative = tsn;
            swallowFirstGap();
            return;
        }
        int block = blockUpTo(tsn);
        boolean extendsLeft = block >= 0 && lasts[block] + 1 == tsn;
        boolean extendsRight = block + 1 < gaps && firsts[block + 1] - 1 == tsn;
        if (extendsLeft && extendsRight) {
            lasts[block] = lasts[block + 1];
            removeBlocks(block + 1, 1);
        } else if (extendsLeft) {
            lasts[block] = tsn;
        } else if (extendsRight) {
            firsts[block + 1] = tsn;
        } else {
            insert(block + 1, tsn);
        }
    }

    void addDuplicate(int tsn) {
        if (duplicateCount < DUPLICATE_LIMIT) {
            duplicates[duplicateCount++] = tsn;
        }
    }

    /// The peer has abandoned everything up to `tsn` (RFC 3758 section 3.6).
    void forwardTo(int tsn) {
        cumulative = tsn;
        int passed = 0;
        while (passed < gaps && Serial32.isNewerOrEqual(tsn, lasts[passed])) {
            passed++;
        }
        removeBlocks(0, passed);
        if (gaps > 0 && Serial32.isNewerOrEqual(tsn + 1, firsts[0])) {
            cumulative = lasts[0];
            removeBlocks(0, 1);
        }
    }

    /// Writes what has arrived, with as many gap blocks as `maxBytes` hold, and forgets the duplicates.
    SackChunk sack(long windowBytes, int maxBytes) {
        int room = Math.max(0, (maxBytes - SackChunk.MIN_BYTES) / 4);
        int blocks = Math.min(room, gaps);
        ByteBuffer gapBytes = ByteBuffer.allocate(blocks * 4);
        for (int i = 0; i < blocks; i++) {
            gapBytes.putShort((short) (firsts[i] - cumulative)).putShort((short) (lasts[i] - cumulative));
        }
        int repeats = Math.min(room - blocks, duplicateCount);
        ByteBuffer duplicateBytes = ByteBuffer.allocate(repeats * 4);
        for (int i = 0; i < repeats; i++) {
            duplicateBytes.putInt(duplicates[i]);
        }
        duplicateCount = 0;
        return new SackChunk(cumulative, windowBytes, gapBytes.flip(), duplicateBytes.flip());
    }

    private boolean touches(int block, int tsn) {
        return block >= 0 && lasts[block] + 1 == tsn || block + 1 < gaps && firsts[block + 1] - 1 == tsn;
    }

    /// The last block that begins at or before `tsn`, or -1. New data mostly belongs to the last one.
    private int blockUpTo(int tsn) {
        int low = 0;
        int high = gaps - 1;
        if (high >= 0 && Serial32.isNewerOrEqual(tsn, firsts[high])) {
            return high;
        }
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (Serial32.isNewerOrEqual(tsn, firsts[middle])) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    private void swallowFirstGap() {
        if (gaps > 0 && firsts[0] == cumulative + 1) {
            cumulative = lasts[0];
            removeBlocks(0, 1);
        }
    }

    private void insert(int index, int tsn) {
        if (gaps == firsts.length) {
            int length = Math.clamp(2L * gaps, FEW_GAPS, GAP_LIMIT);
            firsts = Arrays.copyOf(firsts, length);
            lasts = Arrays.copyOf(lasts, length);
        }
        System.arraycopy(firsts, index, firsts, index + 1, gaps - index);
        System.arraycopy(lasts, index, lasts, index + 1, gaps - index);
        firsts[index] = tsn;
        lasts[index] = tsn;
        gaps++;
    }

    private void removeBlocks(int index, int count) {
        if (count > 0) {
            System.arraycopy(firsts, index + count, firsts, index, gaps - index - count);
            System.arraycopy(lasts, index + count, lasts, index, gaps - index - count);
            gaps -= count;
        }
    }
}
