package dev.nearhand.capture.screen.x11;

import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenFrame;
import dev.nearhand.capture.x11.ShmImage;
import dev.nearhand.capture.x11.X11Display;
import dev.nearhand.capture.x11.X11Exception;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The pictures of one capture of one size: so many images in shared memory, each either free or lent as a frame.
///
/// Images are made when first needed. Each remembers which of its rows are older than the screen, so that a free one is
/// brought up to date by reading those rows only. All methods belong to the capture thread; a lent frame is closed by
/// any thread, and the last one that leaves a retired set gives its memory back.
final class FrameSlots {
    private static final Logger LOG = LoggerFactory.getLogger(FrameSlots.class);

    private final X11Display display;
    private final X11Display.RootWindow root;
    private final Rect area;
    private int limit;
    private final List<Slot> all = new ArrayList<>();
    // holds every free slot, so it is never full
    private final BlockingQueue<Slot> free;
    private volatile boolean retired;

    /// @param area what to read, on the root window
    /// @param limit so many frames may be lent at once
    FrameSlots(X11Display display, X11Display.RootWindow root, Rect area, int limit) {
        this.display = display;
        this.root = root;
        this.area = area;
        this.limit = limit;
        free = new ArrayBlockingQueue<>(limit);
        addSlot();
    }

    private final class Slot {
        final ShmImage image = new ShmImage(display, root, area.width(), area.height());
        final RowBands stale = new RowBands();

        Slot() {
            stale.add(0, area.height());
        }
    }

    private void addSlot() {
        Slot slot = new Slot();
        all.add(slot);
        free.add(slot);
    }

    /// Makes one image more; without memory for it, those that are there must do.
    private boolean grow() {
        try {
            addSlot();
            return true;
        } catch (X11Exception noMemory) {
            if (noMemory.gone()) {
                throw noMemory;
            }
            LOG.warn("Only {} frames at a time: {}", all.size(), noMemory.reason());
            limit = all.size();
            return false;
        }
    }

    /// Notes that these rows changed on the screen.
    void changed(int top, int bottom) {
        for (Slot slot : all) {
            slot.stale.add(top, bottom);
        }
    }

    /// Whether [#read] would find a free image, waiting up to this long for one.
    boolean awaitFree(long timeoutNanos) {
        if (!free.isEmpty()) {
            return true;
        }
        if (all.size() < limit && grow()) {
            return true;
        }
        try {
            Slot slot = free.poll(timeoutNanos, TimeUnit.NANOSECONDS);
            if (slot == null) {
                return false;
            }
            free.add(slot);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Brings a free image up to date and lends it; empty when the server refused, because the root window is
    /// another one by now.
    Optional<ScreenFrame> read(List<Rect> changed) {
        Slot slot = free.remove();
        long captureNanos = System.nanoTime();
        boolean read = false;
        try {
            read = update(slot.image, slot.stale);
        } finally {
            if (!read) {
                free.add(slot); // also when the server is gone: a slot outside would keep its memory for ever
            }
        }
        if (!read) {
            return Optional.empty();
        }
        slot.stale.clear();
        return Optional.of(new ScreenFrame(
                area.width(),
                area.height(),
                slot.image.strideBytes(),
                slot.image.pixels(),
                changed,
                captureNanos,
                () -> giveBack(slot)));
    }

    private boolean update(ShmImage image, RowBands stale) {
        for (RowBands.Band band : stale.bands()) {
            if (!image.read(area.x(), area.y(), band.top(), band.rows())) {
                return false;
            }
        }
        return true;
    }

    private void giveBack(Slot slot) {
        free.add(slot);
        if (retired) {
            unmapFree();
        }
    }

    /// No more frames from here. Images that are out stay readable until their frame is closed.
    void retire() {
        if (retired) {
            return;
        }
        for (Slot slot : all) {
            if (display.connected()) { // it may be lost between two of them
                slot.image.detach();
            }
        }
        retired = true;
        unmapFree();
    }

    /// Each slot leaves the queue once, whichever thread takes it.
    private void unmapFree() {
        for (Slot slot = free.poll(); slot != null; slot = free.poll()) {
            slot.image.unmap();
        }
    }
}
