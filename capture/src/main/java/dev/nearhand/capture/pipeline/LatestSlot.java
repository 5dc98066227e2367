package dev.nearhand.capture.pipeline;

import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenFrame;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Room for one value between two threads. A new value takes the place of one that nobody has taken yet, so that the
/// reader always gets the newest and no delay can pile up.
///
/// [#offer] and [#take] hand ownership over; what is replaced, and what is still inside at the end, is closed here.
///
/// @param <T> closed when it is dropped
public final class LatestSlot<T extends AutoCloseable> implements AutoCloseable {
    /// When a merged frame would have more changed rectangles, it has their bounds instead.
    private static final int RECTANGLE_LIMIT = 64;

    /// Makes one value of a dropped one and its successor.
    @FunctionalInterface
    public interface Merge<T> {
        /// Owns both, and passes ownership on with its answer.
        T merge(T dropped, T newer);
    }

    private final Merge<T> merge;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private @Nullable T value;
    private long dropped;
    private boolean closed;

    /// The newer value simply replaces the older one.
    public LatestSlot() {
        this((older, newer) -> {
            closeQuietly(older);
            return newer;
        });
    }

    public LatestSlot(Merge<T> merge) {
        this.merge = merge;
    }

    /// A slot for frames of one capture: a frame that takes another one's place also takes over its changed rectangles,
    /// unless the sizes differ.
    public static LatestSlot<ScreenFrame> ofScreenFrames() {
        return new LatestSlot<>(LatestSlot::takeOver);
    }

    /// `newer` with the changed rectangles of `older`, which is closed.
    public static ScreenFrame takeOver(ScreenFrame older, ScreenFrame newer) {
        older.close();
        Rect whole = Rect.ofSize(newer.width(), newer.height());
        boolean resized = older.width() != newer.width() || older.height() != newer.height();
        List<Rect> changed = Stream.concat(older.changed().stream(), newer.changed().stream())
                .distinct()
                .toList();
        if (resized) {
            changed = List.of(whole);
        } else if (changed.size() > RECTANGLE_LIMIT) {
            changed = List.of(changed.stream().reduce(Rect.ofSize(0, 0), Rect::boundsWith));
        }
        return new ScreenFrame(
                newer.width(),
                newer.height(),
                newer.strideBytes(),
                newer.bgra(),
                changed,
                newer.captureNanos(),
                newer::close);
    }

    /// Puts `newer` in. After [#close()] it is closed at once.
    public void offer(T newer) {
        lock.lock();
        try {
            if (closed) {
                closeQuietly(newer);
                return;
            }
            T older = value;
            if (older == null) {
                value = newer;
            } else {
                value = null;
                dropped++;
                value = merge.merge(older, newer);
            }
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Takes the value out, or waits for one; empty at the timeout and when the slot is closed.
    public Optional<T> take(Duration timeout) throws InterruptedException {
        long left = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (value == null && !closed && left > 0) {
                left = arrived.awaitNanos(left);
            }
            T taken = value;
            value = null;
            return Optional.ofNullable(taken);
        } finally {
            lock.unlock();
        }
    }

    /// Takes the value out if there is one.
    public Optional<T> poll() {
        lock.lock();
        try {
            T taken = value;
            value = null;
            return Optional.ofNullable(taken);
        } finally {
            lock.unlock();
        }
    }

    /// How many values nobody has taken.
    public long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /// Closes what is inside and wakes the reader.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            T left = value;
            value = null;
            if (left != null) {
                closeQuietly(left);
            }
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException("a dropped value could not be closed", failure);
        }
    }
}
