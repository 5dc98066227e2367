package dev.nearhand.capture.screen.x11;

import dev.nearhand.capture.screen.CursorPosition;
import dev.nearhand.capture.screen.CursorShape;
import dev.nearhand.capture.screen.CursorSource;
import dev.nearhand.capture.x11.CursorWatch;
import dev.nearhand.capture.x11.MotionWatch;
import dev.nearhand.capture.x11.X11Display;
import dev.nearhand.capture.x11.X11Exception;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The cursor through XFIXES, with a connection of its own. The X Input extension tells when it moves.
final class X11CursorSource implements CursorSource {
    /// Without that extension a cursor at rest is looked at so often.
    private static final Duration UNTOLD_LOOK = Duration.ofMillis(200);

    private final X11Display display;
    private final CursorWatch watch;
    private @Nullable CursorShape last;
    private boolean changed = true;
    private boolean visible = true;
    private final boolean toldOfMotion;
    private final Object closing = new Object();
    private boolean closed;

    X11CursorSource(String displayName) {
        display = X11Display.open(displayName);
        try {
            watch = new CursorWatch(display);
            toldOfMotion = MotionWatch.start(display);
        } catch (RuntimeException failure) {
            display.close();
            throw failure;
        }
    }

    @Override
    public Optional<CursorShape> pollShape() {
        try {
            for (int type = display.pollEvent(); type != 0; type = display.pollEvent()) {
                changed |= type == watch.eventType();
            }
            if (!changed) {
                return Optional.empty();
            }
            changed = false;
            CursorShape shape = shape(watch.picture());
            if (last != null && last.looksLike(shape)) {
                return Optional.empty();
            }
            last = shape;
            return Optional.of(shape);
        } catch (X11Exception failure) {
            throw X11ScreenSource.failed(failure);
        }
    }

    private CursorShape shape(CursorWatch.Picture picture) {
        int width = Math.clamp(picture.width(), 1, CursorShape.SIZE_LIMIT);
        int height = Math.clamp(picture.height(), 1, CursorShape.SIZE_LIMIT);
        byte[] bytes = new byte[width * height * 4];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        visible = false;
        for (int y = 0; y < Math.min(height, picture.height()); y++) {
            for (int x = 0; x < Math.min(width, picture.width()); x++) {
                int argb = picture.argb()[y * picture.width() + x];
                visible |= argb >>> 24 != 0;
                out.putInt((y * width + x) * 4, argb);
            }
        }
        return new CursorShape(picture.serial(), width, height, picture.hotspotX(), picture.hotspotY(), bytes);
    }

    @Override
    public CursorPosition position() {
        try {
            return display.pointer()
                    .map(place -> new CursorPosition(place.x(), place.y(), visible))
                    .orElseGet(() -> new CursorPosition(0, 0, false));
        } catch (X11Exception failure) {
            throw X11ScreenSource.failed(failure);
        }
    }

    @Override
    public boolean await(Duration limit) {
        try {
            // what came with the answer to another question lies in the queue already
            if (display.hasEvents()) {
                return true;
            }
            Duration most = toldOfMotion || limit.compareTo(UNTOLD_LOOK) < 0 ? limit : UNTOLD_LOOK;
            return display.awaitEvents(Math.toIntExact(most.toMillis()));
        } catch (X11Exception failure) {
            throw X11ScreenSource.failed(failure);
        }
    }

    @Override
    public void wake() {
        synchronized (closing) {
            if (!closed) {
                display.wake();
            }
        }
    }

    @Override
    public void close() {
        synchronized (closing) {
            closed = true;
            display.close();
        }
    }
}
