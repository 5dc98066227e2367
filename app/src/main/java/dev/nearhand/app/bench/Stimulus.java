package dev.nearhand.app.bench;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The program on the host's display: one window over all of it, with a marker that turns black and white, a strip that
/// counts pictures, and the scene.
///
/// It has a thread and a connection to the X server of its own. Other threads ask for things by its volatile fields
/// only.
final class Stimulus implements AutoCloseable {
    /// Where the marker is, in pixels of the host's display.
    static final Box MARKER = new Box(64, 64, 48, 48);

    /// The strip: four cells right of the marker that show the number of the picture in binary.
    static final int CELLS = 4;

    private static final int CELL_WIDTH = 28;
    private static final int CELL_STEP = 36;
    private static final int CELLS_LEFT = 136;

    private static final int BLACK = 0x000000;
    private static final int WHITE = 0xffffff;
    private static final int PAPER = 0xe8e8e4;
    private static final int INK = 0x1c1c1c;
    private static final long EXPOSURE_MASK = 1 << 15;
    private static final long BUTTON_PRESS_MASK = 1 << 2;
    private static final int BUTTON_PRESS = 4;
    private static final int EXPOSE = 12;
    private static final int LINE_HEIGHT = 16;
    private static final int SCROLL_STEP = 5;
    private static final int SCENE_TOP = 160;
    private static final int VIDEO_WIDTH = 640;
    private static final int VIDEO_HEIGHT = 360;
    private static final long IDLE_NANOS = TimeUnit.MICROSECONDS.toNanos(300);

    record Box(int x, int y, int width, int height) {
        int centreX() {
            return x + width / 2;
        }

        int centreY() {
            return y + height / 2;
        }
    }

    private final MemorySegment display;
    private final int width;
    private final int height;
    private final long window;
    private final MemorySegment gc;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment event = arena.allocate(192, 8);
    private final MemorySegment videoPixels = arena.allocate((long) VIDEO_WIDTH * VIDEO_HEIGHT * 4, 8);
    private final MemorySegment videoImage;
    private final Thread thread;

    private volatile Scene scene = Scene.STILL;
    private volatile boolean whiteWanted;
    private volatile boolean secondWhiteWanted;
    private volatile long flippedNanos;
    private volatile boolean ended;

    // of the thread
    private boolean white;
    private boolean secondWhite;
    private int picture;
    private int letters;
    private int scrolled;
    private long dueNanos;

    Stimulus(String displayName) {
        display = X11.open(displayName);
        width = X11.width(display);
        height = X11.height(display);
        window = X11.createWindow(display, width, height, PAPER);
        gc = X11.createGc(display, window);
        videoImage = X11.createImage(display, videoPixels, VIDEO_WIDTH, VIDEO_HEIGHT);
        X11.selectInput(display, window, EXPOSURE_MASK | BUTTON_PRESS_MASK);
        X11.mapRaised(display, window);
        X11.sync(display);
        thread = Thread.ofPlatform().name("stimulus").daemon().start(this::run);
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    static Box cell(int index) {
        return new Box(CELLS_LEFT + index * CELL_STEP, MARKER.y(), CELL_WIDTH, MARKER.height());
    }

    /// A second marker far from the first, for finding the place of the picture.
    Box secondMarker() {
        return new Box(width - 128, height - 128, MARKER.width(), MARKER.height());
    }

    void show(Scene next) {
        scene = next;
    }

    /// Turns the marker; [#flippedNanos] tells when that was asked of the X server.
    void turn(boolean toWhite) {
        whiteWanted = toWhite;
        LockSupport.unpark(thread);
    }

    void turnSecond(boolean toWhite) {
        secondWhiteWanted = toWhite;
        LockSupport.unpark(thread);
    }

    /// `System.nanoTime()` right before the marker was last drawn.
    long flippedNanos() {
        return flippedNanos;
    }

    private void run() {
        Scene shown = Scene.STILL;
        drawAll();
        while (!ended) {
            boolean drew = handleEvents();
            if (shown != scene) {
                shown = scene;
                dueNanos = System.nanoTime();
                drawAll();
                drew = true;
            }
            if (white != whiteWanted) {
                white = whiteWanted;
                flippedNanos = System.nanoTime();
                drawMarker();
                if (shown == Scene.TYPING) {
                    drawLetter();
                }
                X11.sync(display);
            }
            if (secondWhite != secondWhiteWanted) {
                secondWhite = secondWhiteWanted;
                Box second = secondMarker();
                fill(secondWhite ? WHITE : BLACK, second);
                drew = true;
            }
            drew |= animate(shown);
            if (drew) {
                X11.sync(display);
            }
            LockSupport.parkNanos(IDLE_NANOS);
        }
    }

    private boolean handleEvents() {
        boolean drew = false;
        while (X11.pending(display) > 0) {
            X11.nextEvent(display, event);
            int type = event.get(JAVA_INT, 0);
            if (type == EXPOSE) {
                drawAll();
                drew = true;
            } else if (type == BUTTON_PRESS && scene == Scene.CLICK) {
                whiteWanted = !whiteWanted;
            }
        }
        return drew;
    }

    private boolean animate(Scene shown) {
        long interval =
                switch (shown) {
                    case SCROLLING -> TimeUnit.SECONDS.toNanos(1) / 30;
                    case VIDEO -> TimeUnit.SECONDS.toNanos(1) / 25;
                    case STILL, TYPING, CLICK -> 0;
                };
        if (interval == 0 || System.nanoTime() - dueNanos < 0) {
            return false;
        }
        dueNanos += interval;
        picture++;
        if (shown == Scene.SCROLLING) {
            scroll();
        } else {
            play();
        }
        for (int cell = 0; cell < CELLS; cell++) {
            fill((gray(picture) >> cell & 1) == 1 ? WHITE : BLACK, cell(cell));
        }
        return true;
    }

    /// Successive numbers differ in one cell, so a picture that is read in the middle of a change is never misread.
    private static int gray(int number) {
        int value = number & (1 << CELLS) - 1;
        return value ^ value >> 1;
    }

    private void drawAll() {
        X11.fill(display, window, gc, PAPER, 0, 0, width, height);
        drawMarker();
        fill(secondWhite ? WHITE : BLACK, secondMarker());
        for (int cell = 0; cell < CELLS; cell++) {
            fill(BLACK, cell(cell));
        }
        if (scene == Scene.SCROLLING) {
            for (int y = SCENE_TOP + LINE_HEIGHT; y < sceneBottom(); y += LINE_HEIGHT) {
                X11.text(display, window, gc, INK, 64, y, line(y));
            }
        }
        letters = 0;
    }

    private void drawMarker() {
        fill(white ? WHITE : BLACK, MARKER);
    }

    private void drawLetter() {
        int columns = (width - 256) / 8;
        int rows = (sceneBottom() - SCENE_TOP) / LINE_HEIGHT - 1;
        int x = 64 + letters % columns * 8;
        int y = SCENE_TOP + (1 + letters / columns % rows) * LINE_HEIGHT;
        X11.text(display, window, gc, INK, x, y, String.valueOf((char) ('a' + letters % 26)));
        letters++;
    }

    private void scroll() {
        int bottom = sceneBottom();
        int columns = width - 256;
        X11.copyArea(
                display,
                window,
                gc,
                64,
                SCENE_TOP + SCROLL_STEP,
                columns,
                bottom - SCENE_TOP - SCROLL_STEP,
                64,
                SCENE_TOP);
        X11.fill(display, window, gc, PAPER, 64, bottom - SCROLL_STEP, columns, SCROLL_STEP);
        scrolled += SCROLL_STEP;
        if (scrolled >= LINE_HEIGHT) {
            scrolled -= LINE_HEIGHT;
            X11.text(display, window, gc, INK, 64, bottom - 3, line(picture));
        }
    }

    private String line(int seed) {
        int length = Math.max(1, (width - 320) / 6);
        StringBuilder text = new StringBuilder(length);
        int state = seed * 7919 + 13;
        while (text.length() < length) {
            state = state * 1_103_515_245 + 12_345;
            int value = state >>> 16 & 31;
            text.append(value < 26 ? (char) ('a' + value) : ' ');
        }
        return text.toString();
    }

    private void play() {
        for (int y = 0; y < VIDEO_HEIGHT; y++) {
            for (int x = 0; x < VIDEO_WIDTH; x++) {
                int wave = (x * x / 97 + y * y / 61 + picture * 11) & 255;
                int drift = (x * 2 + y * 3 + picture * 5) & 255;
                int rgb = wave << 16 | (wave + drift >> 1) << 8 | drift;
                videoPixels.set(JAVA_INT, ((long) y * VIDEO_WIDTH + x) * 4, rgb);
            }
        }
        X11.putImage(display, window, gc, videoImage, 64, SCENE_TOP, VIDEO_WIDTH, VIDEO_HEIGHT);
    }

    private int sceneBottom() {
        return height - 160;
    }

    private void fill(int rgb, Box box) {
        X11.fill(display, window, gc, rgb, box.x(), box.y(), box.width(), box.height());
    }

    @Override
    public void close() {
        ended = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(5));
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        X11.close(display);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
