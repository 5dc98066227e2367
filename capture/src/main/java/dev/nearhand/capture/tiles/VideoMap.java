package dev.nearhand.capture.tiles;

import java.nio.ByteBuffer;
import java.util.Optional;

/// What a frame of video says of each tile: which update of it, if the viewer has it, is as new as the frame. It
/// travels behind the frame's own bytes, so that neither comes without the other; so each frame stands for itself,
/// whatever was lost before it.
///
/// @param epoch of the grid
/// @param seq of the capture that the frame shows
/// @param leastSeq by tile: what the viewer holds of it counts if it is of this capture or a later one. [#HELD] for a
///     tile whose right pixels the viewer is known to hold; nothing less than `seq` where only the frame has them
public record VideoMap(int epoch, long seq, long[] leastSeq) {
    /// Whatever the viewer holds is right.
    public static final long HELD = 0;

    /// The largest integer that JavaScript counts exactly.
    static final long SEQ_LIMIT = (1L << 53) - 1;

    /// "nhtile" and more: what no frame ends with by chance.
    private static final long MAGIC = 0x6e68_7469_6c65_0f31L;

    /// More tiles has no grid.
    private static final int COUNT_LIMIT = 1 << 15;

    private static final int FOOTER = 4 + 8 + 4 + 4 + 8;

    /// A frame and its map.
    ///
    /// @param frame the bytes that a decoder takes
    public record Split(ByteBuffer frame, Optional<VideoMap> map) {}

    /// `frame` with this behind it, in a buffer of its own.
    public ByteBuffer appendTo(ByteBuffer frame) {
        ByteSink runs = new ByteSink(64);
        for (int tile = 0; tile < leastSeq.length; ) {
            long value = value(leastSeq[tile]);
            int begin = tile;
            while (tile < leastSeq.length && value(leastSeq[tile]) == value) {
                tile++;
            }
            runs.putVarint(tile - begin);
            runs.putVarint(value);
        }
        return ByteBuffer.allocate(frame.remaining() + runs.size() + FOOTER)
                .put(frame.duplicate())
                .put(runs.bytes(), 0, runs.size())
                .putInt(epoch)
                .putLong(seq)
                .putInt(leastSeq.length)
                .putInt(runs.size())
                .putLong(MAGIC)
                .flip();
    }

    /// 0 keep, 1 only video has it, else how many captures ago it changed, plus 2.
    private long value(long least) {
        return least == HELD ? 0 : least >= seq ? 1 : 2 + seq - least;
    }

    /// Takes a frame and what is behind it apart; a frame with nothing behind it is plain video.
    ///
    /// @throws MalformedTilesException when there is something behind it that cannot be
    public static Split split(ByteBuffer bytes) throws MalformedTilesException {
        int length = bytes.remaining();
        int end = bytes.limit();
        if (length < FOOTER || bytes.getLong(end - 8) != MAGIC) {
            return new Split(bytes, Optional.empty());
        }
        int runs = bytes.getInt(end - 12);
        int count = bytes.getInt(end - 16);
        long seq = bytes.getLong(end - 24);
        int epoch = bytes.getInt(end - 28);
        if (runs < 0 || runs > length - FOOTER || epoch < 0 || seq < 1 || seq > SEQ_LIMIT) {
            throw new MalformedTilesException("a frame with a map that cannot be");
        }
        if (count < 1 || count > COUNT_LIMIT) {
            throw new MalformedTilesException("a map of too many tiles");
        }
        byte[] run = new byte[runs];
        bytes.get(end - FOOTER - runs, run);
        ByteBuffer frame = bytes.duplicate().limit(end - FOOTER - runs);
        return new Split(frame, Optional.of(new VideoMap(epoch, seq, leastSeq(run, count, seq))));
    }

    private static long[] leastSeq(byte[] runs, int count, long seq) throws MalformedTilesException {
        long[] least = new long[count];
        ByteSource in = new ByteSource(runs, 0, runs.length);
        int tile = 0;
        while (tile < count) {
            long length = in.takeVarint();
            long value = in.takeVarint();
            if (length < 1 || length > count - tile || value - 2 >= seq) {
                throw new MalformedTilesException("a map of another size than it says");
            }
            long one = value == 0 ? HELD : value == 1 ? seq : seq - (value - 2);
            for (int i = 0; i < length; i++) {
                least[tile++] = one;
            }
        }
        if (in.hasMore()) {
            throw new MalformedTilesException("a map that goes on");
        }
        return least;
    }
}
