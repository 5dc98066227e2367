package dev.nearhand.capture.pipeline;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Native memory for pictures, used again and again. Any thread.
///
/// At most `limit` buffers exist; when all are taken, [#take] answers empty: who reads pictures that slowly gets fewer
/// of them, and no memory piles up. After [#close()] the buffers that are out stay valid until they come back.
public final class FramePool implements AutoCloseable {
    /// Rows begin at multiples of this where the caller aligns its strides, and so does the first.
    public static final int ALIGNMENT_BYTES = 64;

    private final int limit;
    private final Deque<Buffer> free = new ArrayDeque<>();
    private long sizeBytes;
    private int out;
    private boolean closed;

    /// @param limit so many buffers at once, 1–64
    public FramePool(int limit) {
        if (limit < 1 || limit > 64) {
            throw new IllegalArgumentException("limit must be 1 to 64, not " + limit);
        }
        this.limit = limit;
    }

    /// A buffer of exactly `bytes` bytes with any contents, or empty when all are out. Another size than before frees
    /// those of the old size as they come back.
    public synchronized Optional<Buffer> take(long bytes) {
        if (closed) {
            throw new IllegalStateException("the pool is closed");
        }
        if (bytes != sizeBytes) {
            free.forEach(Buffer::free);
            free.clear();
            sizeBytes = bytes;
        }
        if (out == limit) {
            return Optional.empty();
        }
        out++;
        Buffer again = free.pollFirst();
        return Optional.of(again != null ? again : new Buffer(this, bytes));
    }

    /// How many buffers are out.
    public synchronized int out() {
        return out;
    }

    private synchronized void giveBack(Buffer buffer) {
        out--;
        if (closed || buffer.segment().byteSize() != sizeBytes) {
            buffer.free();
        } else {
            free.addFirst(buffer);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        free.forEach(Buffer::free);
        free.clear();
    }

    /// One buffer. Who has it gives it back, once.
    public static final class Buffer {
        private final FramePool pool;
        private final Arena arena = Arena.ofShared();
        private final MemorySegment segment;

        private Buffer(FramePool pool, long bytes) {
            this.pool = pool;
            this.segment = arena.allocate(bytes, ALIGNMENT_BYTES);
        }

        public MemorySegment segment() {
            return segment;
        }

        /// Nobody reads or writes it any more.
        public void giveBack() {
            pool.giveBack(this);
        }

        private void free() {
            arena.close();
        }
    }
}
