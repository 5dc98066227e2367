package dev.nearhand.app.session;

import dev.nearhand.capture.codec.EncodedFrame;
import dev.nearhand.capture.codec.EncoderConfig;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.codec.VideoEncoder;
import dev.nearhand.capture.input.InputEvent;
import dev.nearhand.capture.input.InputInjector;
import dev.nearhand.capture.screen.CaptureOptions;
import dev.nearhand.capture.screen.CaptureResult;
import dev.nearhand.capture.screen.CaptureTarget;
import dev.nearhand.capture.screen.CursorPosition;
import dev.nearhand.capture.screen.CursorShape;
import dev.nearhand.capture.screen.CursorSource;
import dev.nearhand.capture.screen.Monitor;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenCapture;
import dev.nearhand.capture.screen.ScreenFrame;
import dev.nearhand.capture.screen.ScreenSource;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A machine that does what a test tells it: its screen, its cursor, its encoder, its input.
final class FakeScreen {
    /// So many refinements until the encoder says that a picture has settled.
    static final int REFINEMENTS = 3;

    final LinkedBlockingQueue<CaptureResult> results = new LinkedBlockingQueue<>();
    final List<EncoderConfig> encoders = new CopyOnWriteArrayList<>();
    /// What the encoder was told last.
    volatile int targetBps;
    final List<EncodedFrame> encoded = new CopyOnWriteArrayList<>();
    final List<InputEvent> injected = new CopyOnWriteArrayList<>();
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final Set<InputEvent> held = new LinkedHashSet<>();
    volatile Rect bounds = new Rect(100, 50, 64, 48);
    volatile CursorPosition cursor = new CursorPosition(110, 60, true);

    HostDevices devices() {
        return new HostDevices(() -> new Source(), (_, config) -> new Encoder(config), Injector::new);
    }

    /// The screen changes.
    void frame() {
        Arena arena = Arena.ofShared();
        results.add(new CaptureResult.Frame(new ScreenFrame(
                bounds.width(),
                bounds.height(),
                bounds.width() * 4,
                arena.allocate((long) bounds.width() * bounds.height() * 4),
                List.of(Rect.ofSize(bounds.width(), bounds.height())),
                System.nanoTime(),
                arena::close)));
    }

    boolean holds(InputEvent event) {
        synchronized (held) {
            return held.contains(event);
        }
    }

    boolean holdsNothing() {
        synchronized (held) {
            return held.isEmpty();
        }
    }

    private final class Source implements ScreenSource {
        Source() {
            opened.incrementAndGet();
        }

        @Override
        public String name() {
            return "fake";
        }

        @Override
        public List<Monitor> monitors() {
            return List.of(new Monitor(1, "fake", bounds, true));
        }

        @Override
        public boolean changed() {
            return false;
        }

        @Override
        public ScreenCapture open(CaptureTarget target, CaptureOptions options) {
            return new Capture();
        }

        @Override
        public Optional<CursorSource> openCursor() {
            return Optional.of(new Cursor());
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private final class Capture implements ScreenCapture {
        @Override
        public int width() {
            return bounds.width();
        }

        @Override
        public int height() {
            return bounds.height();
        }

        @Override
        public CaptureResult next(Duration timeout) {
            try {
                CaptureResult result = results.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
                return result == null ? new CaptureResult.Unchanged() : result;
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return new CaptureResult.Gone("interrupted");
            }
        }

        @Override
        public void refresh() {}

        @Override
        public void close() {}
    }

    private final class Cursor implements CursorSource {
        private boolean told;

        @Override
        public Optional<CursorShape> pollShape() {
            boolean first = !told;
            told = true;
            return first ? Optional.of(new CursorShape(1, 2, 2, 1, 0, new byte[16])) : Optional.empty();
        }

        @Override
        public CursorPosition position() {
            return cursor;
        }

        @Override
        public boolean await(Duration limit) throws InterruptedException {
            Thread.sleep(20);
            return false;
        }

        @Override
        public void wake() {}

        @Override
        public void close() {}
    }

    private final class Encoder implements VideoEncoder {
        private final EncoderConfig config;
        private boolean keyframe = true;
        private int refined;

        Encoder(EncoderConfig config) {
            this.config = config;
            encoders.add(config);
        }

        @Override
        public String name() {
            return "fake";
        }

        @Override
        public VideoCodec codec() {
            return VideoCodec.VP8;
        }

        @Override
        public EncoderConfig config() {
            return config;
        }

        @Override
        public EncodedFrame encode(ScreenFrame frame) {
            refined = 0;
            return next(frame.captureNanos());
        }

        @Override
        public Optional<EncodedFrame> refine(long captureNanos) {
            refined++;
            return Optional.of(next(captureNanos));
        }

        private EncodedFrame next(long captureNanos) {
            boolean key = keyframe;
            keyframe = false;
            EncodedFrame frame = new EncodedFrame(
                    VideoCodec.VP8,
                    ByteBuffer.wrap(new byte[] {(byte) (key ? 0 : 1), 2, 3}),
                    key,
                    captureNanos,
                    config.width(),
                    config.height(),
                    0,
                    refined >= REFINEMENTS);
            encoded.add(frame);
            return frame;
        }

        @Override
        public void targetBitrateBps(int bitsPerSecond) {
            targetBps = bitsPerSecond;
        }

        @Override
        public void forceKeyframe() {
            keyframe = true;
        }

        @Override
        public void close() {}
    }

    private final class Injector implements InputInjector {
        @Override
        public void inject(InputEvent event) {
            synchronized (held) {
                switch (event) {
                    case InputEvent.Key(String code, boolean down) -> hold(new InputEvent.Key(code, true), down);
                    case InputEvent.PointerButton(int button, boolean down) ->
                        hold(new InputEvent.PointerButton(button, true), down);
                    case InputEvent.PointerMove _, InputEvent.Wheel _, InputEvent.Text _ -> {}
                }
            }
            injected.add(event); // who sees it here finds it held
        }

        private void hold(InputEvent press, boolean down) {
            if (down) {
                held.add(press);
            } else {
                held.remove(press);
            }
        }

        @Override
        public void releaseAll() {
            synchronized (held) {
                held.clear();
            }
        }

        @Override
        public Set<InputEvent> held() {
            synchronized (held) {
                return new LinkedHashSet<>(new ArrayList<>(held));
            }
        }

        @Override
        public void close() {
            releaseAll();
        }
    }
}
