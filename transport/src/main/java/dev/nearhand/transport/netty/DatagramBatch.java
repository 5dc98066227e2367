package dev.nearhand.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Datagrams to one destination that the system can be given as one: all as long as the first, but for the last, which
/// may be shorter.
///
/// Keeps their order, and at most [#MOST_DATAGRAMS] of at most [#MOST_BYTES] together. Belongs to one event loop.
final class DatagramBatch {
    /// What Linux takes (UDP_MAX_SEGMENTS of its first version).
    static final int MOST_DATAGRAMS = 64;

    /// The payload of the longest IPv6 packet: they are one until they leave.
    static final int MOST_BYTES = 65_535 - 40 - 8;

    private @Nullable ByteBuf bytes;
    private @Nullable InetSocketAddress remote;
    private int segmentBytes;
    private int datagrams;
    private boolean complete;
    private int expectedBytes;

    /// Appends a copy; false, and nothing done, when it has to go after what is here already.
    boolean add(ByteBuffer borrowed, InetSocketAddress to, ByteBufAllocator allocator) {
        int length = borrowed.remaining();
        ByteBuf present = bytes;
        if (present == null) {
            // the last batch is the best guess
            bytes = allocator
                    .directBuffer(Math.max(length, expectedBytes), Math.max(length, MOST_BYTES))
                    .writeBytes(borrowed);
            remote = to;
            segmentBytes = length;
            datagrams = 1;
            complete = length == 0;
            return true;
        }
        if (complete
                || length == 0
                || length > segmentBytes
                || datagrams == MOST_DATAGRAMS
                || present.readableBytes() + length > MOST_BYTES
                || !Objects.equals(to, remote)) {
            return false;
        }
        present.writeBytes(borrowed);
        datagrams++;
        complete = length < segmentBytes;
        return true;
    }

    /// How many datagrams are here.
    int datagrams() {
        return datagrams;
    }

    /// The length of all but the last.
    int segmentBytes() {
        return segmentBytes;
    }

    /// Where they go; only when there are any.
    InetSocketAddress remote() {
        InetSocketAddress to = remote;
        if (to == null) {
            throw new IllegalStateException("the batch is empty");
        }
        return to;
    }

    /// Hands the datagrams over, one behind the other, to be released by the caller; the batch is empty then.
    ByteBuf take() {
        ByteBuf all = bytes;
        if (all == null) {
            throw new IllegalStateException("the batch is empty");
        }
        expectedBytes = all.readableBytes();
        bytes = null;
        datagrams = 0;
        return all;
    }

    /// Forgets what was not taken.
    void release() {
        if (bytes != null) {
            bytes.release();
            bytes = null;
            datagrams = 0;
        }
    }
}
