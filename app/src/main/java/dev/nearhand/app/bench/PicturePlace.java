package dev.nearhand.app.bench;

import dev.nearhand.app.bench.Stimulus.Box;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Where the picture of the host's display is on the viewer's display: a scale and an offset, found by turning two
/// markers and looking what changed.
record PicturePlace(double scaleX, double scaleY, double offsetX, double offsetY) {
    private static final int CHANGED = 120;
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
            if (second.isPresent()) {
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

    /// The upper left corner of what changes when the marker turns.
    private static Optional<double[]> seen(Watcher viewer, Turn marker) {
        marker.to(false);
        LockSupport.parkNanos(STEP_NANOS);
        int[] before = viewer.readAll();
        marker.to(true);
        LockSupport.parkNanos(STEP_NANOS);
        int[] after = viewer.readAll();
        int left = Integer.MAX_VALUE;
        int top = Integer.MAX_VALUE;
        int right = -1;
        int bottom = -1;
        long count = 0;
        for (int index = 0; index < before.length; index++) {
            if (Watcher.luma(after[index]) - Watcher.luma(before[index]) > CHANGED) {
                int x = index % viewer.width();
                int y = index / viewer.width();
                left = Math.min(left, x);
                top = Math.min(top, y);
                right = Math.max(right, x);
                bottom = Math.max(bottom, y);
                count++;
            }
        }
        long area = (long) (right - left + 1) * (bottom - top + 1);
        boolean oneSquare = count > 64 && count * 10 > area * 8;
        return oneSquare ? Optional.of(new double[] {left, top}) : Optional.empty();
    }
}
