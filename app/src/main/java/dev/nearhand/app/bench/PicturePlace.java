package dev.nearhand.app.bench;

import dev.nearhand.app.bench.Stimulus.Box;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Where the picture of the host's display is on the viewer's display: a scale and an offset, found by turning two
/// markers and looking what changed.
record PicturePlace(double scaleX, double scaleY, double offsetX, double offsetY) {
    private static final int CHANGED = 120;
    private static final int BLOCK = 8;
    private static final int SQUARE_LIMIT = 2 * Stimulus.MARKER.width();
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(700);

    int x(int hostX) {
        return (int) Math.round(hostX * scaleX + offsetX);
    }

    int y(int hostY) {
        return (int) Math.round(hostY * scaleY + offsetY);
    }

    /// Turns the markers until both are seen on `viewer`.
    static Optional<PicturePlace> find(Stimulus stimulus, Watcher viewer, long timeoutNanos) {
        long deadline = System.nanoTime() + timeoutNanos;
        while (System.nanoTime() - deadline < 0) {
            Optional<double[]> first = seen(viewer, stimulus::turn);
            if (first.isEmpty()) {
                continue;
            }
            Optional<double[]> second = seen(viewer, stimulus::turnSecond);
            // A window may have moved or grown in between.
            Optional<double[]> again = seen(viewer, stimulus::turn);
            if (second.isPresent() && again.isPresent() && Arrays.equals(first.get(), again.get())) {
                return Optional.of(between(Stimulus.MARKER, first.get(), stimulus.secondMarker(), second.get()));
            }
        }
        return Optional.empty();
    }

    private static PicturePlace between(Box a, double[] seenA, Box b, double[] seenB) {
        double scaleX = (seenB[0] - seenA[0]) / (b.x() - a.x());
        double scaleY = (seenB[1] - seenA[1]) / (b.y() - a.y());
        return new PicturePlace(scaleX, scaleY, seenA[0] - a.x() * scaleX, seenA[1] - a.y() * scaleY);
    }

    private interface Turn {
        void to(boolean white);
    }

    /// The upper left corner of the square that becomes white when the marker turns. Other things may change too, such
    /// as a line of statistics: letters fill no block of pixels.
    private static Optional<double[]> seen(Watcher viewer, Turn marker) {
        marker.to(false);
        LockSupport.parkNanos(STEP_NANOS);
        int[] before = viewer.readAll();
        marker.to(true);
        LockSupport.parkNanos(STEP_NANOS);
        int[] after = viewer.readAll();
        boolean[] changed = new boolean[before.length];
        for (int index = 0; index < before.length; index++) {
            changed[index] = Watcher.luma(after[index]) - Watcher.luma(before[index]) > CHANGED;
        }
        return square(changed, viewer.width(), viewer.height());
    }

    /// The upper left corner of the only solid area, or empty.
    static Optional<double[]> square(boolean[] changed, int width, int height) {
        int left = Integer.MAX_VALUE;
        int top = Integer.MAX_VALUE;
        int right = -1;
        int bottom = -1;
        for (int y = 0; y + BLOCK <= height; y += BLOCK) {
            for (int x = 0; x + BLOCK <= width; x += BLOCK) {
                if (solid(changed, width, x, y)) {
                    left = Math.min(left, x);
                    top = Math.min(top, y);
                    right = Math.max(right, x + BLOCK);
                    bottom = Math.max(bottom, y + BLOCK);
                }
            }
        }
        if (right < 0 || right - left > SQUARE_LIMIT || bottom - top > SQUARE_LIMIT) {
            return Optional.empty();
        }
        int row = (top + bottom) / 2;
        int column = (left + right) / 2;
        while (left > 0 && changed[row * width + left - 1]) {
            left--;
        }
        while (top > 0 && changed[(top - 1) * width + column]) {
            top--;
        }
        return Optional.of(new double[] {left, top});
    }

    private static boolean solid(boolean[] changed, int width, int left, int top) {
        for (int y = top; y < top + BLOCK; y++) {
            for (int x = left; x < left + BLOCK; x++) {
                if (!changed[y * width + x]) {
                    return false;
                }
            }
        }
        return true;
    }
}
