package dev.nearhand.capture.screen.x11;

import dev.nearhand.capture.screen.CursorPosition;
import dev.nearhand.capture.screen.CursorShape;
import dev.nearhand.capture.screen.CursorSource;
import dev.nearhand.capture.x11.CursorWatch;
import dev.nearhand.capture.x11.X11Display;
import dev.nearhand.capture.x11.X11Exception;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The cursor through XFIXES, with a connection of its own.
final class X11CursorSource implements CursorSource {
    private final X11Display display;
    private final CursorWatch watch;
    private @Nullable CursorShape last;
    private boolean changed = true;
    private boolean visible = true;

    X11CursorSource(String displayName) {
        display = X11Display.open(displayName);
        try {
            watch = new CursorWatch(display);
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
    public void close() {
        display.close();
    }
}
