package dev.nearhand.capture.tiles;

import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenFrame;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// A screen that a test draws on.
final class Screens {
    final int width;
    final int height;
    final int[] pixels;
    private final List<Rect> damage = new ArrayList<>();

    Screens(int width, int height) {
        this.width = width;
        this.height = height;
        pixels = new int[width * height];
    }

    void fill(Rect part, int rgb) {
        for (int y = part.y(); y < part.bottom(); y++) {
            for (int x = part.x(); x < part.right(); x++) {
                pixels[y * width + x] = rgb;
            }
        }
        damage.add(part);
    }

    void noise(Rect part, RandomGenerator random) {
        for (int y = part.y(); y < part.bottom(); y++) {
            for (int x = part.x(); x < part.right(); x++) {
                pixels[y * width + x] = random.nextInt();
            }
        }
        damage.add(part);
    }

    /// Something like letters: few colours, many edges.
    void text(Rect part, RandomGenerator random) {
        int ink = random.nextInt(1 << 24);
        for (int y = part.y(); y < part.bottom(); y++) {
            for (int x = part.x(); x < part.right(); x++) {
                pixels[y * width + x] = random.nextInt(4) == 0 ? ink : 0xff_ffff;
            }
        }
        damage.add(part);
    }

    ScreenFrame frame() {
        List<Rect> changed = damage.isEmpty() ? List.of(new Rect(0, 0, 1, 1)) : List.copyOf(damage);
        damage.clear();
        return new ScreenFrame(width, height, width * 4, bgra(pixels), changed, 0, () -> {});
    }

    static MemorySegment bgra(int[] pixels) {
        MemorySegment copy = MemorySegment.ofArray(new byte[pixels.length * 4]);
        MemorySegment.copy(pixels, 0, copy, ValueLayout.JAVA_INT_UNALIGNED, 0, pixels.length);
        return copy;
    }

    /// What a lossy encoder would make of it: another colour everywhere.
    int[] blurred() {
        int[] lossy = pixels.clone();
        for (int i = 0; i < lossy.length; i++) {
            lossy[i] ^= 0x01_0101;
        }
        return lossy;
    }

    /// Lines of text, [#LINE] pixels apart, no two of which are alike.
    void page(Rect part, RandomGenerator random) {
        fill(part, 0xff_ffff);
        for (int y = part.y(); y + LINE <= part.bottom(); y += LINE) {
            text(new Rect(part.x(), y, part.width(), LINE - 5), random);
        }
    }

    static final int LINE = 14;

    /// What is in `part` goes down and to the right by so much, as far as it stays inside; what it leaves stays as it
    /// was.
    void scroll(Rect part, int dx, int dy) {
        int[] before = pixels.clone();
        for (int y = part.y(); y < part.bottom(); y++) {
            for (int x = part.x(); x < part.right(); x++) {
                if (part.contains(x - dx, y - dy)) {
                    pixels[y * width + x] = before[(y - dy) * width + x - dx];
                }
            }
        }
        damage.add(part);
    }
}
