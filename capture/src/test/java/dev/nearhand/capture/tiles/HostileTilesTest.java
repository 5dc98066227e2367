package dev.nearhand.capture.tiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.capture.screen.Rect;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HostileTilesTest {
    private static final TileGrid GRID = new TileGrid(200, 130);

    private static ByteBuffer honest() {
        Screens screen = new Screens(GRID.width(), GRID.height());
        screen.text(Rect.ofSize(GRID.width(), GRID.height()), new Random(3));
        screen.noise(new Rect(3, 3, 40, 40), new Random(4));
        try (TileSource host = new TileSource(1, GRID, true)) {
            return host.prepare(host.take(screen.frame(), 0).tiles(), TileMessage.SIZE_LIMIT, true)
                    .orElseThrow()
                    .message();
        }
    }

    /// A page scrolled by a line.
    private static ByteBuffer honestMove() throws MalformedTilesException {
        Screens screen = new Screens(GRID.width(), GRID.height());
        Rect all = Rect.ofSize(GRID.width(), GRID.height());
        screen.page(all, new Random(3));
        try (TileSource host = new TileSource(1, GRID, true)) {
            host.take(screen.frame(), 0);
            screen.scroll(all, 0, -Screens.LINE);
            return host.prepareMove(host.take(screen.frame(), 0), TileMessage.SIZE_LIMIT)
                    .orElseThrow()
                    .message();
        }
    }

    private static ByteBuffer moves(byte[] raw) {
        return ByteBuffer.allocate(TileMessage.UPDATE_HEADER + raw.length)
                .put((byte) TileMessage.MOVES)
                .putInt(1)
                .putInt(1)
                .putLong(1)
                .putInt(0)
                .put(raw)
                .flip();
    }

    private static void survives(ByteBuffer message) {
        try (TileCompositor viewer = new TileCompositor()) {
            viewer.receive(TileMessage.encode(new TileMessage.Grid(1, GRID)));
            viewer.receive(message);
        } catch (MalformedTilesException refused) {
            assertThat(refused.getMessage()).isNotEmpty();
        }
    }

    @Test
    void everyTruncationIsRefused() throws MalformedTilesException {
        everyTruncationIsRefused(honest());
        everyTruncationIsRefused(honestMove());
    }

    private static void everyTruncationIsRefused(ByteBuffer whole) {
        for (int length = 0; length < whole.limit(); length++) {
            ByteBuffer part = whole.duplicate().limit(length);
            assertThatThrownBy(() -> {
                        try (TileCompositor viewer = new TileCompositor()) {
                            viewer.receive(TileMessage.encode(new TileMessage.Grid(1, GRID)));
                            viewer.receive(part);
                        }
                    })
                    .as("%d bytes", length)
                    .isInstanceOf(MalformedTilesException.class);
        }
        survives(whole);
    }

    @Test
    void flippedBitsAreSurvived() throws MalformedTilesException {
        flippedBitsAreSurvived(honest());
        flippedBitsAreSurvived(honestMove());
    }

    private static void flippedBitsAreSurvived(ByteBuffer whole) {
        Random random = new Random(5);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = whole.array().clone();
            bytes[random.nextInt(i % 2 == 0 ? 40 : bytes.length)] ^= (byte) (1 << random.nextInt(8));
            survives(ByteBuffer.wrap(bytes));
        }
    }

    @Property(tries = 1_000)
    void anyBytesAreSurvived(@ForAll @Size(max = 200) byte[] bytes) {
        survives(ByteBuffer.wrap(bytes));
        survives(moves(bytes));
        try {
            VideoMap.split(ByteBuffer.wrap(bytes));
            TileMessage.decodeAtHost(ByteBuffer.wrap(bytes));
        } catch (MalformedTilesException refused) {
            assertThat(refused.getMessage()).isNotEmpty();
        }
    }

    /// The picture has 200 by 130 pixels, which is 12 tiles in all. Numbers under 128 are themselves as varints.
    @Test
    void aCopyOutOfThePictureIsRefused() throws MalformedTilesException {
        byte[] right = {1, 0, 0, 100, 90, 100, 40, 0};
        try (TileCompositor viewer = new TileCompositor()) {
            viewer.receive(TileMessage.encode(new TileMessage.Grid(1, GRID)));
            assertThat(viewer.receive(moves(right)).ack()).isPresent();
        }
        byte[][] wrong = {
            {},
            {0, 0}, // no copy
            {17, 0}, // too many
            {1, 0, 0, 100, 90, 101, 40, 0}, // from beyond the right edge
            {1, 0, 0, 100, 90, 100, 41, 0}, // from below
            {1, 0, 0, 0, 90, 0, 0, 0}, // no column
            {1, 0, 0, 9, 0, 0, 0, 0}, // no row
            {1, 101, 0, 100, 9, 0, 0, 0}, // to beyond the right edge
            {1, 0, 41, 100, 90, 0, 0, 0}, // to below
            {1, (byte) 200, 1, 0, 1, 1, 0, 0, 0}, // wholly outside
            {1, 0, 0, 100, 90, 100, 40, 1, 12, 1}, // a tile outside
            {1, 0, 0, 100, 90, 100, 40, 1, 0, 0}, // a run of none
            {1, 0, 0, 100, 90, 100, 40, 1, 11, 2}, // beyond the last
            {1, 0, 0, 100, 90, 100, 40, 1, 7, 1}, // nothing is known of that tile
            {3, 0, 0, 100, 90, 0, 0, 0, 0, 100, 90, 0, 0, 0, 0, 100, 90, 0, 0, 0}, // more than the picture
        };
        for (byte[] raw : wrong) {
            assertThatThrownBy(() -> {
                        try (TileCompositor viewer = new TileCompositor()) {
                            viewer.receive(TileMessage.encode(new TileMessage.Grid(1, GRID)));
                            viewer.receive(moves(raw));
                        }
                    })
                    .as("%s", Arrays.toString(raw))
                    .isInstanceOf(MalformedTilesException.class);
        }
    }

    @Test
    void aBombIsNotUnpacked() {
        byte[] zeros = new byte[64 << 20];
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(zeros);
        deflater.finish();
        byte[] packed = new byte[TileMessage.SIZE_LIMIT];
        int length = deflater.deflate(packed, 64, packed.length - 64);
        for (int announced : new int[] {1, 1_000, Packing.RAW_LIMIT, Packing.RAW_LIMIT + 1, Integer.MAX_VALUE, -1}) {
            ByteBuffer message = ByteBuffer.allocate(TileMessage.UPDATE_HEADER + Math.min(length, 60_000))
                    .put((byte) TileMessage.UPDATE)
                    .putInt(1)
                    .putInt(1)
                    .putLong(1)
                    .putInt(announced);
            message.put(packed, 64, message.remaining()).flip();
            assertThatThrownBy(() -> {
                        try (TileCompositor viewer = new TileCompositor()) {
                            viewer.receive(TileMessage.encode(new TileMessage.Grid(1, GRID)));
                            viewer.receive(message);
                        }
                    })
                    .isInstanceOf(MalformedTilesException.class);
        }
        deflater.end();
    }

    @Test
    void aMapOutsideOfItsBoundsIsRefusedAndPlainVideoIsNoMap() throws MalformedTilesException {
        VideoMap map = new VideoMap(1, 9, new long[] {0, 9, 9, 4, 4, 0});
        ByteBuffer frame = ByteBuffer.wrap(new byte[] {9, 8, 7});
        ByteBuffer bytes = map.appendTo(frame);
        VideoMap.Split split = VideoMap.split(bytes);
        assertThat(split.frame()).isEqualTo(frame);
        VideoMap back = split.map().orElseThrow();
        assertThat(back.leastSeq()).containsExactly(0, 9, 9, 4, 4, 0);
        assertThat(back.seq()).isEqualTo(9);
        assertThat(VideoMap.split(frame).map()).isEmpty();

        Random random = new Random(6);
        for (int i = 0; i < 2_000; i++) {
            byte[] broken = bytes.array().clone();
            broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                VideoMap.split(ByteBuffer.wrap(broken));
            } catch (MalformedTilesException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
        }
    }

    @Test
    void anAcknowledgementOfWhatWasNeverSentIsRefused() throws MalformedTilesException {
        try (TileSource host = new TileSource(1, GRID, true)) {
            assertThat(host.acknowledged(TileMessage.encode(new TileMessage.Ack(1, 0)), 0))
                    .isEmpty();
            ByteBuffer never = TileMessage.encode(new TileMessage.Ack(1, 1));
            assertThatThrownBy(() -> host.acknowledged(never, 0)).isInstanceOf(MalformedTilesException.class);
        }
    }
}
