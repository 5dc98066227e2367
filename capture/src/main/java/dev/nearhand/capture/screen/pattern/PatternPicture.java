package dev.nearhand.capture.screen.pattern;

import dev.nearhand.capture.screen.Rect;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The drawing of the synthetic screen: a desktop with a window full of text, a clock, and a box that wanders. One
/// thread.
///
/// The picture is a pure function of size and frame number.
public final class PatternPicture {
    /// So many pictures make a second of its clock.
    public static final int FRAMES_PER_SECOND = 30;

    private static final int DESKTOP = 0x2b5d7e;
    private static final int PAPER = 0xfafafa;
    private static final int INK = 0x202020;
    private static final int[] INKS = {INK, INK, INK, 0x7a1fa2, 0x0b57d0, 0x1e6b3a};
    private static final int TITLE_BAR = 0x33373d;
    private static final int BOX = 0xe8710a;
    private static final int LINE_HEIGHT = 11;
    private static final int TITLE_HEIGHT = 24;
    private static final int BOX_SIZE = 48;
    private static final int BOX_STEP = 6;
    private static final int CLOCK_SCALE = 2;
    private static final String[] WORDS = {
        "the",
        "screen",
        "of",
        "a",
        "machine",
        "nearby",
        "shows",
        "text",
        "in",
        "small",
        "letters",
        "and",
        "some",
        "move",
        "while",
        "others",
        "stay",
        "so",
        "that",
        "every",
        "picture",
        "can",
        "be",
        "compared",
        "with",
        "its",
        "source"
    };

    private final int width;
    private final int height;
    private final Raster background;
    private final Raster picture;
    private long drawn = -1;

    public PatternPicture(int width, int height) {
        this.width = width;
        this.height = height;
        this.background = new Raster(width, height);
        this.picture = new Raster(width, height);
        drawBackground();
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /// Draws picture number `index`.
    ///
    /// @return where it differs from the one drawn before; never empty, the whole for the first
    public List<Rect> draw(long index) {
        List<Rect> changed = new ArrayList<>();
        if (drawn < 0) {
            picture.copy(background, background.bounds());
            changed.add(background.bounds());
        } else {
            erase(box(drawn), changed);
            erase(clock(drawn), changed);
        }
        picture.fill(box(index), BOX);
        picture.text(clock(index).x(), clock(index).y(), time(index), CLOCK_SCALE, PAPER);
        if (drawn >= 0) {
            add(box(index), changed);
        }
        drawn = index;
        return changed.isEmpty() ? List.of(new Rect(0, 0, 1, 1)) : List.copyOf(changed);
    }

    /// Writes the picture as BGRx, rows of `4 * width` bytes.
    public void writeTo(MemorySegment bgra) {
        picture.writeTo(bgra);
    }

    private void erase(Rect rect, List<Rect> changed) {
        picture.copy(background, rect);
        add(rect, changed);
    }

    private void add(Rect rect, List<Rect> changed) {
        Rect inside = rect.intersection(background.bounds());
        if (!inside.isEmpty()) {
            changed.add(inside);
        }
    }

    private Rect box(long index) {
        return new Rect(
                bounce(index * BOX_STEP, width - BOX_SIZE),
                bounce(index * BOX_STEP / 2 + height / 3, height - BOX_SIZE),
                BOX_SIZE,
                BOX_SIZE);
    }

    /// Back and forth between 0 and `end`.
    private static int bounce(long way, int end) {
        if (end <= 0) {
            return 0;
        }
        long turn = way % (2L * end);
        return (int) (turn <= end ? turn : 2L * end - turn);
    }

    private Rect clock(long index) {
        int clockWidth = Raster.textWidth(time(index), CLOCK_SCALE);
        return new Rect(width - clockWidth - 8, 5, clockWidth, PixelFont.GLYPH_HEIGHT * CLOCK_SCALE);
    }

    private static String time(long index) {
        long seconds = index / FRAMES_PER_SECOND;
        return String.format(Locale.ROOT, "%02d:%02d:%02d", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    }

    private void drawBackground() {
        background.fill(background.bounds(), DESKTOP);
        background.fill(new Rect(0, 0, width, TITLE_HEIGHT), TITLE_BAR);
        background.text(8, 5, "Nearhand test pattern " + width + " x " + height, CLOCK_SCALE, PAPER);
        int left = width / 16;
        int top = TITLE_HEIGHT + height / 16;
        Rect window = new Rect(left, top, width - 2 * left, Math.max(0, height - top - height / 16));
        background.fill(window, PAPER);
        int word = 0;
        int line = 0;
        for (int y = window.y() + 8; y + LINE_HEIGHT < window.bottom(); y += LINE_HEIGHT) {
            int x = window.x() + 8;
            int lineEnd = window.right() - 8 - (line * 37 % 5) * window.width() / 12;
            while (true) {
                String text = WORDS[(word * 7 + line * 3) % WORDS.length];
                if (x + Raster.textWidth(text, 1) > lineEnd) {
                    break;
                }
                background.text(x, y, text, 1, INKS[(word + line) % INKS.length]);
                x += Raster.textWidth(text, 1) + PixelFont.ADVANCE;
                word++;
            }
            line++;
        }
    }
}
