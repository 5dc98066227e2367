package dev.nearhand.capture.tiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PixelCoderTest {
    @Property(tries = 300)
    void whatIsDecodedIsWhatWasEncoded(
            @ForAll @IntRange(min = 1, max = 64) int width,
            @ForAll @IntRange(min = 1, max = 64) int height,
            @ForAll @IntRange(min = 1, max = 400) int colours,
            @ForAll long seed)
            throws MalformedTilesException {
        Random random = new Random(seed);
        int[] palette = random.ints(colours).toArray();
        int[] pixels = random.ints(64 * 64, 0, colours).map(i -> palette[i]).toArray();
        ByteSink out = new ByteSink(16);
        new PixelCoder().encode(pixels, 0, 64, width, height, out);

        int[] decoded = new int[64 * 64];
        ByteSource in = new ByteSource(out.bytes(), 0, out.size());
        new PixelCoder().decode(in, decoded, 0, 64, width, height);

        assertThat(in.hasMore()).isFalse();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                assertThat(decoded[y * 64 + x]).isEqualTo(pixels[y * 64 + x] | 0xff00_0000);
            }
        }
    }

    @Property(tries = 500)
    void bytesThatAreNonePassOrAreRefused(
            @ForAll @IntRange(min = 1, max = 64) int width,
            @ForAll @IntRange(min = 1, max = 64) int height,
            @ForAll @Size(max = 300) byte[] bytes) {
        int[] pixels = new int[64 * 64 + 1];
        pixels[64 * 64] = 7;
        try {
            new PixelCoder().decode(new ByteSource(bytes, 0, bytes.length), pixels, 0, 64, width, height);
        } catch (MalformedTilesException refused) {
            assertThat(refused.getMessage()).isNotEmpty();
        }
        assertThat(pixels[64 * 64]).isEqualTo(7);
    }

    @Property(tries = 20)
    void oneColourIsFourBytes(@ForAll int colour) {
        int[] pixels = new int[64 * 64];
        Arrays.fill(pixels, colour);
        ByteSink out = new ByteSink(16);
        new PixelCoder().encode(pixels, 0, 64, 64, 64, out);
        assertThat(out.size()).isEqualTo(4);
    }
}
