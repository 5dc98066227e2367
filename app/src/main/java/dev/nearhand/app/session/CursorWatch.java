package dev.nearhand.app.session;

import dev.nearhand.app.session.protocol.ControlMessage;
import dev.nearhand.capture.screen.CaptureException;
import dev.nearhand.capture.screen.CursorPosition;
import dev.nearhand.capture.screen.CursorShape;
import dev.nearhand.capture.screen.CursorSource;
import dev.nearhand.capture.screen.Rect;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The cursor thread: looks at the cursor often while it moves, waits while it rests, and sends what changed. A new
/// place goes out at once on the channel that may lose it, and once more on the reliable one when the cursor has come
/// to rest.
final class CursorWatch {
    private static final Logger LOG = LoggerFactory.getLogger(CursorWatch.class);
    private static final long MOVING_MILLIS = 16;
    /// Also sees what nobody tells of: a pointer that a program has put elsewhere, a shared area that has moved.
    private static final Duration RESTING = Duration.ofMillis(500);

    private static final int LOOKS_UNTIL_REST = 30;
    private static final long STOP_LIMIT_MILLIS = 1_000;

    private final CursorSource cursor;
    private final Supplier<Rect> shared;
    private final MessageSender reliable;
    private final MessageSender fast;
    private final Thread thread;

    private @Nullable CursorPosition last;
    private @Nullable ControlMessage unsent;
    private boolean lastIsSure;
    private long sequence;
    private int stillLooks;

    /// @param cursor closed by this thread
    /// @param shared the place of the shared picture on the desktop
    /// @param reliable sends, and answers whether it could
    CursorWatch(CursorSource cursor, Supplier<Rect> shared, MessageSender reliable, MessageSender fast) {
        this.cursor = cursor;
        this.shared = shared;
        this.reliable = reliable;
        this.fast = fast;
        this.thread = Thread.ofPlatform().daemon().name("nearhand-cursor").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void stop() {
        thread.interrupt();
        cursor.wake();
        SessionThreads.join(thread, STOP_LIMIT_MILLIS);
    }

    private void run() {
        try (cursor) {
            boolean quiet = false;
            while (!Thread.currentThread().isInterrupted()) {
                cursor.pollShape().ifPresentOrElse(this::sendShape, this::sendAgain);
                look();
                if (!quiet || stillLooks < LOOKS_UNTIL_REST) {
                    Thread.sleep(MOVING_MILLIS);
                }
                quiet = stillLooks == LOOKS_UNTIL_REST && !cursor.await(RESTING);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (CaptureException gone) {
            LOG.info("the cursor is no longer sent: {}", gone.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("the cursor thread has failed", failure);
        }
    }

    private void look() {
        CursorPosition desktop = cursor.position();
        Rect place = shared.get();
        CursorPosition now = new CursorPosition(
                desktop.x() - place.x(),
                desktop.y() - place.y(),
                desktop.visible() && place.contains(desktop.x(), desktop.y()));
        if (!now.equals(last)) {
            last = now;
            stillLooks = 0;
            lastIsSure = false;
            fast.send(message(now));
        } else if (stillLooks < LOOKS_UNTIL_REST) {
            stillLooks++;
        }
        if (!lastIsSure && stillLooks >= 3) {
            lastIsSure = reliable.send(message(now));
        }
    }

    private void sendAgain() {
        ControlMessage waiting = unsent;
        if (waiting != null && reliable.send(waiting)) {
            unsent = null;
        }
    }

    private ControlMessage message(CursorPosition place) {
        return new ControlMessage.CursorPosition(sequence++, place.x(), place.y(), place.visible());
    }

    private void sendShape(CursorShape shape) {
        stillLooks = 0;
        unsent = toMessage(shape).filter(message -> !reliable.send(message)).orElse(null);
    }

    /// Empty for one larger than the protocol carries.
    private static Optional<ControlMessage> toMessage(CursorShape shape) {
        int limit = ControlMessage.CursorShape.SIDE_LIMIT;
        if (shape.width() > limit || shape.height() > limit) {
            return Optional.empty();
        }
        return Optional.of(new ControlMessage.CursorShape(
                shape.width(),
                shape.height(),
                Math.clamp(shape.hotspotX(), 0, limit),
                Math.clamp(shape.hotspotY(), 0, limit),
                shape.bgraPremultiplied()));
    }
}
