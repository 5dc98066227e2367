package dev.nearhand.app.bench;

import dev.nearhand.app.bench.GlassReport.Result;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Watches one system through the scenes. One thread, the one of the [Watcher].
///
/// A change is timed from right before it is asked of the host's X server to right after the read of the viewer's
/// display that shows it. It looks every 0.4 ms, so a figure may be that much too large, never too small.
final class GlassMeasurement {
    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(400);
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);
    private static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long TYPING_NANOS = TimeUnit.MILLISECONDS.toNanos(125);
    private static final int PAUSE_MILLIS = 200;
    private static final int JITTER_MILLIS = 200;

    private final Lab lab;
    private final Stimulus stimulus;
    private final Watcher watcher;
    private final PicturePlace place;
    /// Changes must not keep step with anybody's frames.
    private final Random jitter = new Random(1);

    private double[] latencies = new double[256];
    private int samples;
    private int lost;
    private int pictures;

    GlassMeasurement(Lab lab, Stimulus stimulus, Watcher watcher, PicturePlace place) {
        this.lab = lab;
        this.stimulus = stimulus;
        this.watcher = watcher;
        this.place = place;
    }

    Result measure(String system, Scene scene, int seconds) {
        samples = 0;
        lost = 0;
        pictures = 0;
        stimulus.show(scene);
        if (scene == Scene.CLICK) {
            watcher.movePointer(place.x(stimulus.width() / 2), place.y(stimulus.height() / 2));
        }
        LockSupport.parkNanos(SETTLE_NANOS);
        double host = lab.hostCpuSeconds();
        double viewer = lab.viewerCpuSeconds();
        double servers = lab.serverCpuSeconds();
        long bytes = lab.wire().bytes();
        long start = System.nanoTime();
        watch(scene, start + TimeUnit.SECONDS.toNanos(seconds));
        double elapsed = (System.nanoTime() - start) / 1e9;
        bytes = lab.wire().bytes() - bytes;
        host = lab.hostCpuSeconds() - host;
        viewer = lab.viewerCpuSeconds() - viewer;
        servers = lab.serverCpuSeconds() - servers;
        stimulus.show(Scene.STILL);
        double[] sorted = Arrays.copyOf(latencies, samples);
        Arrays.sort(sorted);
        return new Result(
                system,
                scene.label(),
                samples,
                lost,
                percentile(sorted, 50),
                percentile(sorted, 95),
                percentile(sorted, 99),
                pictures / elapsed,
                host * 100 / elapsed,
                viewer * 100 / elapsed,
                servers * 100 / elapsed,
                bytes / elapsed);
    }

    private void watch(Scene scene, long end) {
        int[] row = watcher.readRow(place);
        boolean white = Watcher.markerIsWhite(row);
        int picture = Watcher.picture(row, place);
        boolean waiting = false;
        long asked = 0;
        long next = System.nanoTime();
        while (System.nanoTime() - end < 0) {
            row = watcher.readRow(place);
            long now = System.nanoTime();
            int seen = Watcher.picture(row, place);
            if (seen != picture) {
                picture = seen;
                pictures++;
            }
            boolean turned = Watcher.markerIsWhite(row) != white;
            if (waiting && turned) {
                add((now - (scene == Scene.CLICK ? asked : stimulus.flippedNanos())) / 1e6);
            } else if (waiting && now - asked > LOST_NANOS) {
                lost++;
            }
            if (waiting && (turned || now - asked > LOST_NANOS)) {
                waiting = false;
                white = Watcher.markerIsWhite(row);
                next = now + pauseNanos(scene);
            }
            if (!waiting && now - next >= 0) {
                waiting = true;
                asked = System.nanoTime();
                provoke(scene, !white);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void provoke(Scene scene, boolean toWhite) {
        if (scene == Scene.CLICK) {
            watcher.button(true);
            watcher.button(false);
        } else {
            stimulus.turn(toWhite);
        }
    }

    private long pauseNanos(Scene scene) {
        return scene == Scene.TYPING
                ? TYPING_NANOS
                : TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS + jitter.nextInt(JITTER_MILLIS));
    }

    private void add(double millis) {
        if (samples == latencies.length) {
            latencies = Arrays.copyOf(latencies, 2 * samples);
        }
        latencies[samples++] = millis;
    }

    /// The nearest rank; 0 without samples.
    static double percentile(double[] sorted, int percent) {
        return sorted.length == 0 ? 0 : sorted[(sorted.length * percent + 99) / 100 - 1];
    }
}
