package dev.nearhand.capture.tiles;

import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenFrame;
import dev.nearhand.capture.screen.pattern.PatternPicture;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.Deflater;

/// What tiles cost, as a Markdown table: run it by hand. Every figure is the fastest of [#ROUNDS], because other
/// programs only ever add to it, beside its ratio to a floor: copying the same pixels once, or DEFLATE of the same
/// pixels at its fastest level.
public final class TileBenchmark {
    private static final int WIDTH = 1920;
    private static final int HEIGHT = 1080;
    private static final int ROUNDS = 60;

    private TileBenchmark() {}

    /// @param arguments none
    public static void main(String[] arguments) {
        print("| content | coded | bytes | × DEFLATE's bytes | ms | × DEFLATE's ms | decoded ms |");
        print("|---|---|---|---|---|---|---|");
        int[] pattern = pattern();
        int[] noise = new Random(1).ints(WIDTH * HEIGHT, 0, 1 << 24).toArray();
        int[] gradient = new int[WIDTH * HEIGHT];
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = (i % WIDTH / 8) << 16 | (i / WIDTH / 5) << 8 | (i & 3) + 60;
        }
        for (int side : new int[] {16, 32, 64}) {
            row("desktop (test pattern), squares of " + side, pattern, side);
        }
        row("gradient", gradient, 64);
        row("noise", noise, 64);
        letter(pattern);
    }

    private static int[] pattern() {
        try (Arena arena = Arena.ofConfined()) {
            PatternPicture picture = new PatternPicture(WIDTH, HEIGHT);
            MemorySegment pixels = arena.allocate(WIDTH * HEIGHT * 4L);
            picture.draw(1);
            picture.writeTo(pixels);
            return pixels.toArray(ValueLayout.JAVA_INT);
        }
    }

    /// The middle 512 by 512 of a picture, coded in squares of `side`, packed 16 tiles' worth at a time.
    private static void row(String what, int[] picture, int side) {
        TileGrid grid = new TileGrid(WIDTH, HEIGHT);
        Rect area = new Rect(704, 256, 512, 512);
        PatchCoder coder = new PatchCoder();
        ByteSink raw = new ByteSink(1 << 20);
        ByteSink out = new ByteSink(1 << 20);
        double best = Double.MAX_VALUE;
        double bestDecoded = Double.MAX_VALUE;
        int bytes = 0;
        try (Packing packing = new Packing();
                Unpacking unpacking = new Unpacking()) {
            for (int round = 0; round < ROUNDS; round++) {
                long nanos = 0;
                long decoded = 0;
                bytes = 0;
                for (int y = area.y(); y < area.bottom(); y += 64) {
                    long begin = System.nanoTime();
                    raw.clear();
                    out.clear();
                    for (int x = area.x(); x < area.right(); x += side) {
                        for (int inner = y; inner < y + 64; inner += side) {
                            int tile = inner / 64 * grid.columns() + x / 64;
                            coder.encode(grid, tile, new Rect(x, inner, side, side), picture, raw);
                        }
                    }
                    boolean packed = packing.pack(raw.bytes(), raw.size(), out);
                    nanos += System.nanoTime() - begin;
                    bytes += packed ? out.size() : raw.size();
                    if (packed) {
                        begin = System.nanoTime();
                        decode(coder, grid, unpacking, out, raw.size());
                        decoded += System.nanoTime() - begin;
                    }
                }
                best = Math.min(best, nanos / 1e6);
                bestDecoded = Math.min(bestDecoded, decoded / 1e6);
            }
        }
        byte[] plain = new byte[area.width() * area.height() * 3];
        int at = 0;
        for (int y = area.y(); y < area.bottom(); y++) {
            for (int x = area.x(); x < area.right(); x++) {
                int pixel = picture[y * WIDTH + x];
                plain[at++] = (byte) (pixel >> 16);
                plain[at++] = (byte) (pixel >> 8);
                plain[at++] = (byte) pixel;
            }
        }
        byte[] into = new byte[plain.length + 1024];
        double floor = Double.MAX_VALUE;
        int floorBytes = 0;
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        for (int round = 0; round < ROUNDS; round++) {
            long begin = System.nanoTime();
            deflater.reset();
            deflater.setInput(plain);
            deflater.finish();
            floorBytes = deflater.deflate(into);
            floor = Math.min(floor, (System.nanoTime() - begin) / 1e6);
        }
        deflater.end();
        print(String.format(
                Locale.ROOT,
                "| %s | 512×512 | %d | %.2f | %.2f | %.2f | %.2f |",
                what,
                bytes,
                bytes / (double) floorBytes,
                best,
                best / floor,
                bestDecoded));
    }

    private static void decode(PatchCoder coder, TileGrid grid, Unpacking unpacking, ByteSink packed, int rawLength) {
        int[] tile = new int[64 * 64];
        try {
            byte[] raw = unpacking.unpack(java.nio.ByteBuffer.wrap(packed.bytes(), 0, packed.size()), rawLength);
            coder.decodeAll(grid, new ByteSource(raw, 0, raw.length), new PatchCoder.Target() {
                @Override
                public int[] tile(int number) {
                    return tile;
                }

                @Override
                public void written(int number, Rect patch) {}
            });
        } catch (MalformedTilesException bug) {
            throw new IllegalStateException(bug);
        }
    }

    /// A letter is typed: from the frame to the message, and to the picture of the viewer.
    private static void letter(int[] picture) {
        double[] host = new double[2_000];
        double[] viewer = new double[host.length];
        double[] copy = new double[host.length];
        long bytes = 0;
        Random random = new Random(2);
        int[] other = new int[WIDTH * HEIGHT];
        try (TileSource source = new TileSource(1, new TileGrid(WIDTH, HEIGHT), true);
                TileCompositor compositor = new TileCompositor()) {
            compositor.receive(source.gridMessage());
            source.take(frame(picture, Rect.ofSize(WIDTH, HEIGHT)), 0);
            while (source.lackingTiles() > 0) {
                TileSource.Prepared update = source.prepare(source.settled(1, 0, 0, 0), 60_000, false)
                        .orElseThrow();
                source.sent(update, 0);
                source.acknowledged(compositor.receive(update.message()).ack().orElseThrow(), 0);
            }
            for (int i = 0; i < host.length; i++) {
                Rect place = new Rect(400 + random.nextInt(900), 300 + random.nextInt(500), 10, 18);
                for (int y = place.y(); y < place.bottom(); y++) {
                    for (int x = place.x(); x < place.right(); x++) {
                        picture[y * WIDTH + x] = random.nextInt(3) == 0 ? random.nextInt(16) * 0x11_1111 : 0xff_ffff;
                    }
                }
                ScreenFrame frame = frame(picture, place);
                long begin = System.nanoTime();
                TileSource.Change change = source.take(frame, 0);
                TileSource.Prepared update =
                        source.prepare(change.tiles(), 24_000, true).orElseThrow();
                source.sent(update, 0);
                long middle = System.nanoTime();
                TileCompositor.Outcome outcome = compositor.receive(update.message());
                long end = System.nanoTime();
                System.arraycopy(picture, 0, other, 0, picture.length);
                copy[i] = (System.nanoTime() - end) / 1e6;
                source.acknowledged(outcome.ack().orElseThrow(), 0);
                host[i] = (middle - begin) / 1e6;
                viewer[i] = (end - middle) / 1e6;
                bytes += update.sizeBytes();
            }
        } catch (MalformedTilesException bug) {
            throw new IllegalStateException(bug);
        }
        Arrays.sort(host);
        Arrays.sort(viewer);
        Arrays.sort(copy);
        int half = host.length / 2;
        print(String.format(
                Locale.ROOT,
                "%na letter of 10×18: %d bytes; host %.3f ms (fastest %.3f), viewer %.3f ms (fastest %.3f), medians; copying the whole picture %.3f ms",
                bytes / host.length,
                host[half],
                host[0],
                viewer[half],
                viewer[0],
                copy[half]));
    }

    private static ScreenFrame frame(int[] picture, Rect changed) {
        return new ScreenFrame(WIDTH, HEIGHT, WIDTH * 4, MemorySegment.ofArray(picture), List.of(changed), 0, () -> {});
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
