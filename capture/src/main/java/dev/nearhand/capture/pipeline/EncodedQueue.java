package dev.nearhand.capture.pipeline;

import dev.nearhand.capture.codec.EncodedFrame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Encoded frames on their way between two threads, in order.
///
/// When it is full everything in it is dropped, and so is what comes after it, up to the next key frame, which is asked
/// for: a decoder can do nothing with a frame whose predecessor is missing, and what waits is already old.
public final class EncodedQueue {
    private final int limit;
    private final Runnable keyframeWanted;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<EncodedFrame> frames = new ArrayDeque<>();
    private boolean waitingForKeyframe;
    private boolean closed;
    private long dropped;

    /// @param limit frames, 1–1024
    /// @param keyframeWanted called by the thread that offers, without a lock held
    public EncodedQueue(int limit, Runnable keyframeWanted) {
        if (limit < 1 || limit > 1024) {
            throw new IllegalArgumentException("limit must be 1 to 1024, not " + limit);
        }
        this.limit = limit;
        this.keyframeWanted = keyframeWanted;
    }

    /// @return false when the frame was dropped
    public boolean offer(EncodedFrame frame) {
        boolean ask = false;
        boolean taken;
        lock.lock();
        try {
            if (frames.size() == limit) {
                dropped += frames.size();
                frames.clear();
                waitingForKeyframe = true;
                ask = !frame.keyframe();
            }
            if (frame.keyframe()) {
                waitingForKeyframe = false;
            }
            taken = !waitingForKeyframe && !closed;
            if (taken) {
                frames.add(frame);
                changed.signal();
            } else {
                dropped++;
            }
        } finally {
            lock.unlock();
        }
        if (ask) {
            keyframeWanted.run();
        }
        return taken;
    }

    /// The oldest frame, or waits for one; empty at the timeout and after [#close()].
    public Optional<EncodedFrame> take(Duration timeout) throws InterruptedException {
        long left = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (frames.isEmpty() && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            return Optional.ofNullable(frames.poll());
        } finally {
            lock.unlock();
        }
    }

    public int size() {
        lock.lock();
        try {
            return frames.size();
        } finally {
            lock.unlock();
        }
    }

    /// How many frames never reached the reader.
    public long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /// Drops what is inside and wakes the reader.
    public void close() {
        lock.lock();
        try {
            closed = true;
            frames.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
