package dev.nearhand.capture.tiles;

import java.util.ArrayList;
import java.util.List;

/// What a message of moves says before its rectangles: the copies, in order, and which tiles are exact afterwards.
final class MoveCoder {
    private MoveCoder() {}

    /// @param exact tiles, ascending
    static void encode(List<Copy> copies, int[] exact, ByteSink out) {
        out.putVarint(copies.size());
        copies.forEach(copy -> copy.encode(out));
        int runs = 0;
        for (int i = 0; i < exact.length; i++) {
            if (i == 0 || exact[i] != exact[i - 1] + 1) {
                runs++;
            }
        }
        out.putVarint(runs);
        int next = 0;
        for (int begin = 0; begin < exact.length; ) {
            int end = begin + 1;
            while (end < exact.length && exact[end] == exact[end - 1] + 1) {
                end++;
            }
            out.putVarint(exact[begin] - next);
            out.putVarint(end - begin);
            next = exact[end - 1] + 1;
            begin = end;
        }
    }

    /// @throws MalformedTilesException also when they are more, or cover more, than an honest host's
    static List<Copy> decodeCopies(ByteSource in, TileGrid grid) throws MalformedTilesException {
        long count = in.takeVarint();
        if (count < 1 || count > Copy.LIMIT) {
            throw new MalformedTilesException("no copies, or too many");
        }
        List<Copy> copies = new ArrayList<>();
        long area = 0;
        for (int i = 0; i < count; i++) {
            Copy copy = Copy.decode(in, grid);
            area += copy.target().area();
            copies.add(copy);
        }
        if (area > (long) grid.width() * grid.height()) {
            throw new MalformedTilesException("copies of more than the picture");
        }
        return copies;
    }

    /// By tile.
    static boolean[] decodeExact(ByteSource in, TileGrid grid) throws MalformedTilesException {
        boolean[] exact = new boolean[grid.count()];
        long runs = in.takeVarint();
        long next = 0;
        for (long run = 0; run < runs; run++) {
            long begin = next + in.takeVarint();
            long length = in.takeVarint();
            if (length < 1 || begin >= exact.length || length > exact.length - begin) {
                throw new MalformedTilesException("a run outside of the grid");
            }
            next = begin + length;
            for (int tile = (int) begin; tile < next; tile++) {
                exact[tile] = true;
            }
        }
        return exact;
    }
}
