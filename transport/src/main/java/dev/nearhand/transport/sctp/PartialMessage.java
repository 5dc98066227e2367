package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.InterleavedDataChunk;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A message whose fragments come as I-DATA, in any order and between those of others. Fragments in sequence grow in
/// one buffer; what is ahead of a gap waits beside it.
final class PartialMessage {
    /// What it costs beside its bytes, and what a fragment ahead of a gap does.
    static final int OVERHEAD_BYTES = 128;

    private static final int NO_END = -1;

    private final TreeMap<Integer, ByteBuffer> ahead = new TreeMap<>();
    private int ppid;
    private final int expectedBytes;
    private byte[] bytes = {};
    private int length;
    private int nextFsn;
    private int endFsn = NO_END;
    private long aheadBytes;

    /// @param expectedBytes what there is room for from the start, once it is known to have more than one fragment
    PartialMessage(int expectedBytes) {
        this.expectedBytes = expectedBytes;
    }

    int ppid() {
        return ppid;
    }

    /// Bytes in sequence so far.
    int length() {
        return length;
    }

    /// What waits ahead of a gap.
    long aheadBytes() {
        return aheadBytes;
    }

    boolean isComplete() {
        return endFsn != NO_END && nextFsn > endFsn;
    }

    /// Takes a fragment; answers what is wrong with it, or null.
    @Nullable
    String add(InterleavedDataChunk chunk, int maxBytes) {
        int fsn = chunk.fsn();
        if (fsn < nextFsn || ahead.containsKey(fsn) || endFsn != NO_END && fsn > endFsn) {
            return "a fragment came twice, or behind the end of its message";
        }
        if (chunk.isEnd()) {
            if (endFsn != NO_END || !ahead.isEmpty() && ahead.lastKey() > fsn) {
                return "a message ended twice";
            }
            endFsn = fsn;
        }
        if (chunk.payload().remaining() + (long) length + aheadBytes
                > maxBytes + (long) OVERHEAD_BYTES * ahead.size()) {
            return "a message is larger than this side said it takes";
        }
        if (chunk.isBegin()) {
            ppid = chunk.ppid();
        }
        if (fsn > nextFsn) {
            ByteBuffer copy = ByteBuffer.allocate(chunk.payload().remaining());
            ahead.put(fsn, copy.put(chunk.payload().duplicate()).flip());
            aheadBytes += copy.remaining() + OVERHEAD_BYTES;
            return null;
        }
        append(chunk.payload());
        for (ByteBuffer next = ahead.remove(nextFsn); next != null; next = ahead.remove(nextFsn)) {
            aheadBytes -= next.remaining() + OVERHEAD_BYTES;
            append(next);
        }
        return null;
    }

    private void append(ByteBuffer payload) {
        int added = payload.remaining();
        if (length + added > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + added, roomWanted()));
        }
        payload.get(payload.position(), bytes, length, added);
        length += added;
        nextFsn++;
    }

    private int roomWanted() {
        boolean alone = nextFsn == 0 && endFsn == 0;
        return Math.max(alone ? 0 : expectedBytes, 2 * bytes.length);
    }

    ByteBuffer message() {
        return ByteBuffer.wrap(bytes, 0, length);
    }
}
