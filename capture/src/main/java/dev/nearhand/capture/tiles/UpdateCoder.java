package dev.nearhand.capture.tiles;

import dev.nearhand.capture.screen.Rect;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Makes messages out of rectangles of a picture: first [#encode], then [#pack], as often as it takes until they fit.
/// One thread.
final class UpdateCoder implements AutoCloseable {
    private final int epoch;
    private final TileGrid grid;
    private final PatchCoder coder = new PatchCoder();
    private final Packing packing = new Packing();
    private final ByteSink raw = new ByteSink(64 * 1024);
    private final ByteSink whole = new ByteSink(64 * 1024);
    private final ByteSink message = new ByteSink(64 * 1024);
    private final List<Integer> coded = new ArrayList<>();

    UpdateCoder(int epoch, TileGrid grid) {
        this.epoch = epoch;
        this.grid = grid;
    }

    /// Codes of each of `tiles` what it lacks, until it is more than `limit` bytes.
    ///
    /// @param lacks by tile; empty ones are left out
    /// @return how many of `tiles` it has come by
    int encode(int[] tiles, Rect[] lacks, int[] picture, int limit) {
        raw.clear();
        coded.clear();
        for (int index = 0; index < tiles.length; index++) {
            int tile = tiles[index];
            if (lacks[tile].isEmpty()) {
                continue;
            }
            if (raw.size() > limit) {
                return index;
            }
            coder.encode(grid, tile, lacks[tile], picture, raw);
            coded.add(tile);
        }
        return tiles.length;
    }

    /// Whose rectangles have been encoded.
    List<Integer> coded() {
        return List.copyOf(coded);
    }

    /// @return how long the message is without its header, bytes
    int packUpdate(int number, long seq) {
        whole.clear();
        return pack(TileMessage.UPDATE, number, seq);
    }

    /// @param exact tiles, ascending
    /// @return how long the message is without its header, bytes
    int packMoves(int number, long seq, List<Copy> copies, int[] exact) {
        whole.clear();
        MoveCoder.encode(copies, exact, whole);
        return pack(TileMessage.MOVES, number, seq);
    }

    private int pack(int type, int number, long seq) {
        append(raw, whole);
        message.clear();
        int body = message.reserve(TileMessage.UPDATE_HEADER) + TileMessage.UPDATE_HEADER;
        boolean packed = packing.pack(whole.bytes(), whole.size(), message);
        if (!packed) {
            append(whole, message);
        }
        ByteBuffer.wrap(message.bytes())
                .put((byte) type)
                .putInt(epoch)
                .putInt(number)
                .putLong(seq)
                .putInt(packed ? whole.size() : 0);
        return message.size() - body;
    }

    private static void append(ByteSink bytes, ByteSink to) {
        int at = to.reserve(bytes.size());
        System.arraycopy(bytes.bytes(), 0, to.bytes(), at, bytes.size());
    }

    /// A copy of what was packed last.
    ByteBuffer message() {
        return ByteBuffer.wrap(Arrays.copyOf(message.bytes(), message.size()));
    }

    @Override
    public void close() {
        packing.close();
    }
}
