package dev.nearhand.capture.tiles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.capture.screen.Rect;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Host and viewer with a channel between them that delivers at once.
class MoveTest {
    private static final long STILL = 1_000_000_000L;
    private static final Rect ALL = Rect.ofSize(330, 290);
    private static final TileGrid GRID = new TileGrid(ALL.width(), ALL.height());

    private final Random random = new Random(12);
    private final Screens screen = new Screens(ALL.width(), ALL.height());
    private final TileSource host = new TileSource(1, GRID, true);
    private final TileCompositor viewer = new TileCompositor();

    @AfterEach
    void close() {
        host.close();
        viewer.close();
    }

    private void send(TileSource.Prepared update) throws MalformedTilesException {
        host.sent(update, 0);
        Optional<ByteBuffer> ack = viewer.receive(update.message()).ack();
        host.acknowledged(ack.orElseThrow(), 0);
    }

    /// The viewer has all of a page of text, exactly.
    private void settled() throws MalformedTilesException {
        viewer.receive(host.gridMessage());
        screen.page(ALL, random);
        TileSource.Change change = host.take(screen.frame(), 0);
        VideoMap map = VideoMap.split(host.map(change, true).appendTo(ByteBuffer.allocate(1)))
                .map()
                .orElseThrow();
        viewer.video(Screens.bgra(screen.blurred()), ALL.width(), ALL.height(), ALL.width() * 4, Optional.of(map));
        settle();
    }

    private void settle() throws MalformedTilesException {
        while (host.lackingTiles() > 0) {
            send(host.prepare(host.settled(STILL, 0, 0, 0), 60_000, false).orElseThrow());
        }
    }

    private boolean isExact() {
        int[] shown = new int[screen.pixels.length];
        MemorySegment.copy(viewer.bgra(), ValueLayout.JAVA_INT_UNALIGNED, 0, shown, 0, shown.length);
        for (int i = 0; i < shown.length; i++) {
            if (((shown[i] ^ screen.pixels[i]) & 0xff_ffff) != 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void aScrolledPageIsAFewBytesAndWhatIsNewAndExact() throws MalformedTilesException {
        settled();
        assertThat(isExact()).isTrue();
        for (int i = 0; i < 40; i++) {
            int dy = i % 3 == 0 ? 5 : -5 - i;
            screen.scroll(ALL, 0, dy);
            screen.text(new Rect(0, dy < 0 ? ALL.height() + dy : 0, ALL.width(), Math.abs(dy)), random);
            TileSource.Change change = host.take(screen.frame(), 0);
            assertThat(change.moved()).isTrue();
            TileSource.Prepared update = host.prepareMove(change, 20_000).orElseThrow();
            assertThat(update.sizeBytes()).isLessThan(150 + ALL.width() * Math.abs(dy) / 4);
            send(update);
            assertThat(host.lackingTiles()).isZero();
            assertThat(isExact()).as("step %d", i).isTrue();
        }
    }

    @Test
    void whatTheViewerLackedIsDraggedAlongAndStillLacking() throws MalformedTilesException {
        settled();
        screen.noise(new Rect(100, 150, 40, 40), random);
        host.take(screen.frame(), 0); // and nothing is sent of it
        screen.scroll(ALL, 0, -70);
        TileSource.Prepared update =
                host.prepareMove(host.take(screen.frame(), 0), 3_000).orElseThrow();
        send(update);
        // from the rows of the third line of tiles into those of the second
        assertThat(host.lacks(7)).isTrue();
        assertThat(isExact()).isFalse();
        settle();
        assertThat(isExact()).isTrue();
    }

    @Test
    void aTileThatIsNotExactAfterACopyIsNotShown() throws MalformedTilesException {
        settled();
        int[] before = screen.pixels.clone();
        screen.noise(new Rect(0, 200, 330, 60), random);
        host.take(screen.frame(), 0);
        screen.scroll(ALL, 0, -100);
        send(host.prepareMove(host.take(screen.frame(), 0), 400).orElseThrow());
        // row 110 was to come from the noise that never came: it shows what was there, and not line 210 of the page
        int[] row = new int[ALL.width()];
        MemorySegment.copy(viewer.bgra(), ValueLayout.JAVA_INT_UNALIGNED, 110L * ALL.width() * 4, row, 0, row.length);
        for (int x = 0; x < row.length; x++) {
            assertThat(row[x] & 0xff_ffff).isEqualTo(before[110 * ALL.width() + x] & 0xff_ffff);
        }
        settle();
        assertThat(isExact()).isTrue();
    }

    @Test
    void aMoveIsOnlyOfThePictureThatTheViewerHas() throws MalformedTilesException {
        settled();
        screen.scroll(ALL, 0, -9);
        TileSource.Change older = host.take(screen.frame(), 0);
        screen.scroll(ALL, 0, -9);
        TileSource.Change change = host.take(screen.frame(), 0);
        assertThat(host.prepareMove(older, 20_000)).isEmpty();
        send(host.prepare(new int[] {0}, 20_000, true).orElseThrow());
        assertThat(host.prepareMove(change, 20_000)).isEmpty();
    }

    @Test
    void aViewerThatKnowsNoMovesGetsNone() {
        try (TileSource plain = new TileSource(1, GRID, false)) {
            screen.page(ALL, random);
            plain.take(screen.frame(), 0);
            screen.scroll(ALL, 0, -9);
            TileSource.Change change = plain.take(screen.frame(), 0);
            assertThat(change.moved()).isFalse();
            assertThat(plain.prepareMove(change, 20_000)).isEmpty();
        }
    }

    @Test
    void copiesMayOverlapThemselvesInEveryDirection() {
        int[][] moves = {{0, -1}, {0, 1}, {0, -70}, {0, 70}, {-3, 0}, {3, 0}, {5, -5}, {-64, 64}, {0, 0}, {-130, 2}};
        for (int[] move : moves) {
            screen.noise(ALL, random);
            TileCopies copies = new TileCopies(1, GRID);
            for (int tile = 0; tile < GRID.count(); tile++) {
                Rect place = GRID.place(tile);
                for (int y = 0; y < place.height(); y++) {
                    System.arraycopy(
                            screen.pixels,
                            (place.y() + y) * ALL.width() + place.x(),
                            copies.copy(tile),
                            y * TileGrid.SIDE,
                            place.width());
                }
            }
            Rect target = new Rect(
                    Math.max(0, move[0]),
                    Math.max(0, move[1]),
                    ALL.width() - Math.abs(move[0]),
                    ALL.height() - Math.abs(move[1]));
            copies.make(new Copy(target, target.x() - move[0], target.y() - move[1]));
            screen.scroll(ALL, move[0], move[1]);
            for (int tile = 0; tile < GRID.count(); tile++) {
                Rect place = GRID.place(tile);
                for (int i = 0; i < place.area(); i++) {
                    int x = i % place.width();
                    int y = i / place.width();
                    assertThat(copies.copy(tile)[y * TileGrid.SIDE + x])
                            .isEqualTo(screen.pixels[(place.y() + y) * ALL.width() + place.x() + x]);
                }
            }
        }
    }
}
