package dev.nearhand.capture.codec.ffmpeg;

import dev.nearhand.capture.VideoCodecs;
import dev.nearhand.capture.codec.DecodeResult;
import dev.nearhand.capture.codec.EncodedFrame;
import dev.nearhand.capture.codec.EncoderConfig;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.codec.VideoDecoder;
import dev.nearhand.capture.codec.VideoEncoder;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenFrame;
import dev.nearhand.capture.screen.pattern.PatternPicture;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What a picture of 1080p costs, as a Markdown table: run it by hand for trends. Every figure is the fastest of
/// 90, because other programs only ever add to it, and its ratio to copying the picture once, which is the least that
/// any stage could take.
public final class CodecBenchmark {
    private static final int WIDTH = 1920;
    private static final int HEIGHT = 1080;
    private static final int ROUNDS = 90;
    private static final long INTERVAL_NANOS = 33_333_333L;

    private CodecBenchmark() {}

    @FunctionalInterface
    private interface Source {
        List<Rect> draw(MemorySegment pixels, int index);
    }

    /// @param arguments none
    public static void main(String[] arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pixels = arena.allocate((long) WIDTH * HEIGHT * 4, 64);
            double copy = copyMillis(arena, pixels);
            print("| what | ms | × copy | kbit a picture |");
            print("|---|---|---|---|");
            row("copy of the picture", copy, copy, 0);
            row("BGRx to I420, whole", convertMillis(pixels, Rect.ofSize(WIDTH, HEIGHT)), copy, 0);
            row("BGRx to I420, 256x64", convertMillis(pixels, new Rect(320, 320, 256, 64)), copy, 0);
            PatternPicture pattern = new PatternPicture(WIDTH, HEIGHT);
            codec("pattern (a box moves)", pixels, copy, (into, index) -> {
                List<Rect> changed = pattern.draw(index);
                pattern.writeTo(into);
                return changed;
            });
            codec("scrolling", pixels, copy, (into, index) -> {
                MemorySegment.copy(into, WIDTH * 4L * 5, into, 0, WIDTH * 4L * (HEIGHT - 5));
                return List.of(Rect.ofSize(WIDTH, HEIGHT));
            });
            codec("film", pixels, copy, (into, index) -> {
                MovingNoise.draw(into, WIDTH, HEIGHT, index);
                return List.of(Rect.ofSize(WIDTH, HEIGHT));
            });
        }
    }

    private static double copyMillis(Arena arena, MemorySegment pixels) {
        MemorySegment other = arena.allocate(pixels.byteSize(), 64);
        double[] millis = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            other.copyFrom(pixels);
            millis[round] = (System.nanoTime() - start) / 1e6;
        }
        return fastest(millis);
    }

    private static double convertMillis(MemorySegment pixels, Rect changed) {
        double[] millis = new double[ROUNDS];
        FFmpegLibrary.load();
        try (I420Canvas canvas = new I420Canvas(WIDTH, HEIGHT);
                ScreenFrame frame = Pictures.frame(pixels, WIDTH, HEIGHT, 0, List.of(changed))) {
            canvas.draw(frame);
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                canvas.draw(frame);
                millis[round] = (System.nanoTime() - start) / 1e6;
            }
        }
        return fastest(millis);
    }

    private static void codec(String what, MemorySegment pixels, double copy, Source source) {
        double[] encode = new double[ROUNDS];
        double[] decode = new double[ROUNDS];
        long bits = 0;
        try (VideoEncoder encoder = VideoCodecs.openEncoder(VideoCodec.VP8, EncoderConfig.ofSize(WIDTH, HEIGHT));
                VideoDecoder decoder = VideoCodecs.openDecoder(VideoCodec.VP8)) {
            for (int index = -1; index < ROUNDS; index++) {
                List<Rect> changed = source.draw(pixels, index + 1);
                long start = System.nanoTime();
                EncodedFrame encoded;
                try (ScreenFrame frame = Pictures.frame(pixels, WIDTH, HEIGHT, (index + 1) * INTERVAL_NANOS, changed)) {
                    encoded = encoder.encode(frame);
                }
                long middle = System.nanoTime();
                if (decoder.decode(encoded.data()) instanceof DecodeResult.Picture decoded) {
                    decoded.picture().close();
                }
                if (index >= 0) {
                    encode[index] = (middle - start) / 1e6;
                    decode[index] = (System.nanoTime() - middle) / 1e6;
                    bits += encoded.sizeBytes() * 8L;
                }
            }
        }
        double kilobits = bits / 1000.0 / ROUNDS;
        row("VP8 encode with conversion, " + what, fastest(encode), copy, kilobits);
        row("VP8 decode to BGRA, " + what, fastest(decode), copy, kilobits);
    }

    private static double fastest(double[] values) {
        return Arrays.stream(values).min().orElseThrow();
    }

    private static void row(String what, double millis, double copy, double kilobits) {
        print(String.format(Locale.ROOT, "| %s | %.2f | %.1f | %.0f |", what, millis, millis / copy, kilobits));
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
