package dev.nearhand.capture.tiles;

import dev.nearhand.capture.screen.Rect;
import java.util.Arrays;

/// Which of the settled tiles is made sharp first.
final class SettleOrder {
    /// What changed within the same quarter of a second changed together.
    private static final long TOGETHER_NANOS = 250_000_000L;

    /// Pixels; nearer together does not count, and the longest distance still fits.
    private static final int UNIT = 32;

    private SettleOrder() {}

    static int[] of(
            TileGrid grid,
            Rect[] lacking,
            long[] changedNanos,
            long nowNanos,
            long stillNanos,
            int pointerX,
            int pointerY) {
        long[] keys = new long[lacking.length];
        int count = 0;
        for (int tile = 0; tile < lacking.length; tile++) {
            long still = nowNanos - changedNanos[tile];
            if (!lacking[tile].isEmpty() && still >= stillNanos) {
                Rect place = grid.place(tile);
                int dx = (place.x() + place.width() / 2 - pointerX) / UNIT;
                int dy = (place.y() + place.height() / 2 - pointerY) / UNIT;
                long distance = Math.min((long) dx * dx + (long) dy * dy, (1 << 20) - 1);
                long age = Math.min(still / TOGETHER_NANOS, (1 << 20) - 1);
                keys[count++] = age << 40 | distance << 20 | tile;
            }
        }
        Arrays.sort(keys, 0, count);
        int[] tiles = new int[count];
        for (int i = 0; i < count; i++) {
            tiles[i] = (int) (keys[i] & (1 << 20) - 1);
        }
        return tiles;
    }
}
