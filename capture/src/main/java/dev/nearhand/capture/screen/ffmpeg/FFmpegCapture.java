package dev.nearhand.capture.screen.ffmpeg;

import dev.nearhand.capture.pipeline.FramePool;
import dev.nearhand.capture.screen.CaptureException;
import dev.nearhand.capture.screen.CaptureOptions;
import dev.nearhand.capture.screen.CaptureResult;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenCapture;
import dev.nearhand.capture.screen.ScreenFrame;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.Frame;
import org.bytedeco.javacv.FrameGrabber;
import org.jspecify.annotations.Nullable;

/// Grabs the screen at a steady rate and hands on what differs from the picture before. A still screen costs the
/// grabbing here, unlike with `x11`.
final class FFmpegCapture implements ScreenCapture {
    /// A grabber keeps the size that it was opened with, so the screen is asked for its own so often.
    private static final long SIZE_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    private final GrabDevice device;
    private final CaptureOptions options;
    private final FramePool pool;
    private final ReentrantLock lock = new ReentrantLock();
    /// A permit for every frame that came back; apart from the lock, so that closing a frame never waits for a grab.
    private final Semaphore released = new Semaphore(0);
    private Rect size;
    private Arena arena = Arena.ofShared();
    private MemorySegment last;
    private boolean lastKnown;
    private boolean wholeWanted;
    private @Nullable FFmpegFrameGrabber grabber;
    private CaptureResult.@Nullable Gone gone;
    private long sizeCheckNanos;

    FFmpegCapture(GrabDevice device, Rect size, CaptureOptions options) {
        this.device = device;
        this.size = size;
        this.options = options;
        this.pool = new FramePool(options.frames());
        this.last = arena.allocate(bytes(), FramePool.ALIGNMENT_BYTES);
        try {
            start();
        } catch (FrameGrabber.Exception failure) {
            close();
            throw new CaptureException("the screen cannot be grabbed by " + device.format(), failure);
        }
    }

    @Override
    public int width() {
        return size.width();
    }

    @Override
    public int height() {
        return size.height();
    }

    @Override
    public CaptureResult next(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        lock.lock();
        try {
            while (true) {
                if (gone != null) {
                    return gone;
                }
                Optional<CaptureResult> found = look();
                if (found.isPresent()) {
                    return found.get();
                }
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return new CaptureResult.Unchanged();
                }
                if (pool.out() == options.frames()) {
                    released.tryAcquire(left, TimeUnit.NANOSECONDS);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new CaptureResult.Unchanged();
        } finally {
            lock.unlock();
        }
    }

    /// Grabs once; empty when nothing changed or no frame is free.
    private Optional<CaptureResult> look() {
        long now = System.nanoTime();
        if (now - sizeCheckNanos >= SIZE_CHECK_NANOS) {
            sizeCheckNanos = now;
            Optional<Rect> current = ScreenProbe.size(device);
            if (current.isEmpty() || !current.get().equals(size)) {
                return Optional.of(restart(current, "the screen was resized"));
            }
        }
        Frame frame = null;
        try {
            frame = grabber == null ? null : grabber.grabImage();
        } catch (FrameGrabber.Exception _) {
            // answered below: the grabber is of no use any more
        }
        if (frame == null || frame.imageWidth != size.width() || frame.imageHeight != size.height()) {
            return Optional.of(restart(ScreenProbe.size(device), "the grabber started again"));
        }
        return take(frame).map(CaptureResult.Frame::new);
    }

    private Optional<ScreenFrame> take(Frame frame) {
        long captured = System.nanoTime();
        MemorySegment pixels = MemorySegment.ofBuffer((ByteBuffer) frame.image[0].clear());
        int stride = frame.imageStride;
        boolean whole = wholeWanted || !lastKnown;
        List<Rect> changed = whole
                ? List.of(size)
                : FrameDifference.of(last, strideBytes(), pixels, stride, size.width(), size.height());
        if (changed.isEmpty()) {
            return Optional.empty();
        }
        released.drainPermits();
        Optional<FramePool.Buffer> free = pool.take(bytes());
        if (free.isEmpty()) {
            return Optional.empty(); // the last picture stays, so the change will be found again
        }
        FramePool.Buffer buffer = free.get();
        for (Rect rect : changed) {
            copyRows(pixels, stride, rect.y(), rect.bottom());
        }
        buffer.segment().copyFrom(last);
        lastKnown = true;
        wholeWanted = false;
        return Optional.of(new ScreenFrame(
                size.width(),
                size.height(),
                strideBytes(),
                buffer.segment(),
                changed,
                captured,
                () -> giveBack(buffer)));
    }

    private void copyRows(MemorySegment pixels, int stride, int top, int bottom) {
        for (int row = top; row < bottom; row++) {
            MemorySegment.copy(pixels, (long) row * stride, last, (long) row * strideBytes(), strideBytes());
        }
    }

    private void giveBack(FramePool.Buffer buffer) {
        buffer.giveBack();
        released.release();
    }

    private CaptureResult restart(Optional<Rect> current, String reason) {
        stop();
        if (current.isEmpty()) {
            return end("the screen is gone");
        }
        size = current.get();
        arena.close();
        arena = Arena.ofShared();
        last = arena.allocate(bytes(), FramePool.ALIGNMENT_BYTES);
        lastKnown = false;
        try {
            start();
        } catch (FrameGrabber.Exception _) {
            return end("the screen cannot be grabbed any more");
        }
        return new CaptureResult.Reinit(reason, size.width(), size.height());
    }

    private CaptureResult.Gone end(String reason) {
        CaptureResult.Gone answer = new CaptureResult.Gone(reason);
        gone = answer;
        return answer;
    }

    private void start() throws FrameGrabber.Exception {
        FFmpegFrameGrabber started = new FFmpegFrameGrabber(device.url());
        grabber = started;
        started.setFormat(device.format());
        started.setImageMode(FrameGrabber.ImageMode.RAW);
        started.setFrameRate(options.framesPerSecond());
        started.setOption("framerate", Integer.toString(options.framesPerSecond()));
        device.options().forEach(started::setOption);
        started.start();
        sizeCheckNanos = System.nanoTime();
    }

    private void stop() {
        FFmpegFrameGrabber stopped = grabber;
        grabber = null;
        if (stopped != null) {
            try {
                stopped.close();
            } catch (FrameGrabber.Exception _) {
                // nothing is left to release
            }
        }
    }

    private int strideBytes() {
        return size.width() * ScreenFrame.BYTES_PER_PIXEL;
    }

    private long bytes() {
        return (long) strideBytes() * size.height();
    }

    @Override
    public void refresh() {
        lock.lock();
        try {
            wholeWanted = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (arena.scope().isAlive()) {
                stop();
                pool.close();
                arena.close();
                end("the capture was closed");
            }
        } finally {
            lock.unlock();
        }
    }
}
