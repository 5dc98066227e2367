package dev.nearhand.capture.screen.pattern;

import dev.nearhand.capture.pipeline.FramePool;
import dev.nearhand.capture.screen.CaptureOptions;
import dev.nearhand.capture.screen.CaptureResult;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenCapture;
import dev.nearhand.capture.screen.ScreenFrame;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Frames of the synthetic screen at the rate asked for.
final class PatternCapture implements ScreenCapture {
    private final PatternPicture picture;
    private final boolean moves;
    private final long intervalNanos;
    private final FramePool pool;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private long nextIndex;
    private long dueNanos = System.nanoTime();
    private boolean whole = true;
    private boolean closed;

    PatternCapture(int width, int height, boolean moves, CaptureOptions options) {
        this.picture = new PatternPicture(width, height);
        this.moves = moves;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / options.framesPerSecond();
        this.pool = new FramePool(options.frames());
    }

    @Override
    public int width() {
        return picture.width();
    }

    @Override
    public int height() {
        return picture.height();
    }

    @Override
    public CaptureResult next(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        lock.lock();
        try {
            while (!closed) {
                long now = System.nanoTime();
                boolean wanted = moves || whole;
                boolean due = wanted && dueNanos - now <= 0;
                if (due) {
                    Optional<FramePool.Buffer> buffer = pool.take(bytes());
                    if (buffer.isPresent()) {
                        return new CaptureResult.Frame(capture(buffer.get(), now));
                    }
                }
                if (deadline - now <= 0) {
                    return new CaptureResult.Unchanged();
                }
                long until = wanted && !due && dueNanos - deadline < 0 ? dueNanos : deadline;
                woken.awaitNanos(until - now);
            }
            return new CaptureResult.Gone("the capture was closed");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new CaptureResult.Unchanged();
        } finally {
            lock.unlock();
        }
    }

    private ScreenFrame capture(FramePool.Buffer buffer, long now) {
        List<Rect> changed = picture.draw(moves ? nextIndex++ : 0);
        if (whole) {
            changed = List.of(Rect.ofSize(width(), height()));
            whole = false;
        }
        picture.writeTo(buffer.segment());
        // A late picture does not make the next one early.
        dueNanos = Math.max(dueNanos + intervalNanos, now);
        return new ScreenFrame(
                width(), height(), strideBytes(), buffer.segment(), changed, now, () -> giveBack(buffer));
    }

    private void giveBack(FramePool.Buffer buffer) {
        buffer.giveBack();
        lock.lock();
        try {
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private int strideBytes() {
        return width() * ScreenFrame.BYTES_PER_PIXEL;
    }

    private long bytes() {
        return (long) strideBytes() * height();
    }

    @Override
    public void refresh() {
        lock.lock();
        try {
            whole = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                pool.close();
                woken.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
