package dev.nearhand.capture.codec.ffmpeg;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.nearhand.capture.codec.DecodedPicture;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenFrame;
import dev.nearhand.capture.screen.pattern.PatternPicture;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Pictures of small text in native memory, and how far two of them are apart.
final class Pictures {
    private Pictures() {}

    /// The test pattern, number `index`.
    static ScreenFrame pattern(Arena arena, int width, int height, long index, long captureNanos) {
        MemorySegment pixels = arena.allocate((long) width * height * 4, 64);
        PatternPicture picture = new PatternPicture(width, height);
        picture.draw(index);
        picture.writeTo(pixels);
        return frame(pixels, width, height, captureNanos, List.of(Rect.ofSize(width, height)));
    }

    static ScreenFrame frame(MemorySegment pixels, int width, int height, long captureNanos, List<Rect> changed) {
        return new ScreenFrame(width, height, width * 4, pixels, changed, captureNanos, () -> {});
    }

    /// The peak signal-to-noise ratio of brightness (BT.601) in dB; 100 for equal pictures.
    static double lumaPsnr(ScreenFrame source, DecodedPicture decoded) {
        Rect all = Rect.ofSize(source.width(), source.height());
        return lumaPsnr(source, decoded, all);
    }

    static double lumaPsnr(ScreenFrame source, DecodedPicture decoded, Rect part) {
        double sum = 0;
        for (int y = part.y(); y < part.bottom(); y++) {
            for (int x = part.x(); x < part.right(); x++) {
                double difference = luma(source.bgra(), (long) y * source.strideBytes() + 4L * x)
                        - luma(decoded.bgra(), (long) y * decoded.strideBytes() + 4L * x);
                sum += difference * difference;
            }
        }
        double mean = sum / part.area();
        return mean < 1e-5 ? 100 : 10 * Math.log10(255 * 255 / mean);
    }

    private static double luma(MemorySegment bgra, long at) {
        int blue = bgra.get(JAVA_BYTE, at) & 0xff;
        int green = bgra.get(JAVA_BYTE, at + 1) & 0xff;
        int red = bgra.get(JAVA_BYTE, at + 2) & 0xff;
        return 0.299 * red + 0.587 * green + 0.114 * blue;
    }
}
