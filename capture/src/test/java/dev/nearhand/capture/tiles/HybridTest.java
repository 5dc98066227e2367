package dev.nearhand.capture.tiles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.capture.screen.Rect;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Both sides, with a network between them that delays each carrier as it likes and loses video.
class HybridTest {
    private static final long MILLI = 1_000_000L;
    private static final long STILL = 200 * MILLI;

    private record Video(int[] pixels, long seq, ByteBuffer bytes) {}

    /// The screen at each capture, for the rule that no older pixel is shown over a newer one.
    private final List<int[]> history = new ArrayList<>();

    private static int[] shown(TileCompositor viewer) {
        int[] pixels = new int[viewer.width() * viewer.height()];
        java.lang.foreign.MemorySegment.copy(
                viewer.bgra(), ValueLayout.JAVA_INT_UNALIGNED, 0, pixels, 0, pixels.length);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] &= 0xff_ffff;
        }
        return pixels;
    }

    private static int[] colours(int[] pixels) {
        int[] colours = pixels.clone();
        for (int i = 0; i < colours.length; i++) {
            colours[i] &= 0xff_ffff;
        }
        return colours;
    }

    private static void video(TileCompositor viewer, Screens screen, Video frame) throws MalformedTilesException {
        VideoMap.Split split = VideoMap.split(frame.bytes());
        assertThat(split.frame()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        viewer.video(Screens.bgra(frame.pixels()), screen.width, screen.height, screen.width * 4, split.map());
    }

    @Property(tries = 30)
    void everyPlaceShowsTheNewestThatHasComeAndAllIsExactInTheEnd(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 200) int width,
            @ForAll @IntRange(min = 1, max = 180) int height)
            throws MalformedTilesException {
        Random random = new Random(seed);
        history.clear();
        history.add(new int[0]);
        Screens screen = new Screens(width, height);
        Deque<ByteBuffer> toViewer = new ArrayDeque<>();
        Deque<ByteBuffer> toHost = new ArrayDeque<>();
        Deque<Video> videos = new ArrayDeque<>();
        long videoShown = 0;
        long now = 0;
        try (TileSource host = new TileSource(1, new TileGrid(width, height), true);
                TileCompositor viewer = new TileCompositor()) {
            toViewer.add(host.gridMessage());
            for (int step = 0; step < 120; step++) {
                now += random.nextInt(80) * MILLI;
                switch (random.nextInt(6)) {
                    case 0, 1 -> draw(screen, random);
                    case 2 -> deliver(viewer, toViewer, toHost, random.nextInt(3));
                    case 3 -> {
                        for (int i = random.nextInt(3); i > 0 && !toHost.isEmpty(); i--) {
                            host.acknowledged(toHost.poll(), now);
                        }
                    }
                    case 4 -> {
                        if (!videos.isEmpty()) {
                            Video frame = videos.poll();
                            if (random.nextInt(4) > 0) { // otherwise it is lost
                                video(viewer, screen, frame);
                                videoShown = frame.seq();
                            }
                        }
                    }
                    default -> {
                        int[] settled = host.settled(now, STILL, 0, 0);
                        host.prepare(settled, 2_000 + random.nextInt(20_000), false)
                                .ifPresent(update -> {
                                    toViewer.add(update.message());
                                    host.sent(update, 0);
                                });
                    }
                }
                if (step == 0 || random.nextInt(3) == 0) {
                    TileSource.Change change = host.take(screen.frame(), now);
                    history.add(colours(screen.pixels));
                    Optional<TileSource.Prepared> update =
                            switch (random.nextInt(4)) {
                                case 0 -> host.prepare(change.tiles(), 30_000, true);
                                case 1, 2 -> host.prepareMove(change, 100 + random.nextInt(10_000));
                                default -> Optional.empty();
                            };
                    update.ifPresent(sent -> {
                        toViewer.add(sent.message());
                        host.sent(sent, 0);
                    });
                    boolean all = Arrays.stream(change.tiles()).noneMatch(host::lacks);
                    if (!all || random.nextInt(4) == 0) {
                        ByteBuffer bytes = host.map(change, true).appendTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                        videos.add(new Video(screen.blurred(), change.seq(), bytes));
                    }
                }
                nothingIsOlderThanTheVideo(viewer, videoShown);
            }
            // it becomes still
            TileSource.Change last = host.take(screen.frame(), now);
            history.add(colours(screen.pixels));
            ByteBuffer bytes = host.map(last, true).appendTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            video(viewer, screen, new Video(screen.blurred(), last.seq(), bytes));
            now += STILL;
            for (int round = 0; host.lackingTiles() > 0; round++) {
                assertThat(round).isLessThan(500);
                deliver(viewer, toViewer, toHost, Integer.MAX_VALUE);
                while (!toHost.isEmpty()) {
                    host.acknowledged(toHost.poll(), now);
                }
                long at = now;
                host.prepare(host.settled(now, STILL, 0, 0), 20_000, false).ifPresent(update -> {
                    toViewer.add(update.message());
                    host.sent(update, at);
                });
            }
            deliver(viewer, toViewer, toHost, Integer.MAX_VALUE);
            assertThat(shown(viewer)).isEqualTo(colours(screen.pixels));
        }
    }

    private static void draw(Screens screen, Random random) {
        int x = random.nextInt(screen.width);
        int y = random.nextInt(screen.height);
        Rect part = new Rect(x, y, 1 + random.nextInt(screen.width - x), 1 + random.nextInt(screen.height - y));
        switch (random.nextInt(6)) {
            case 0 -> screen.page(part, random);
            case 1, 2 -> screen.scroll(part, 0, random.nextInt(41) - 20);
            case 3 -> screen.fill(part, random.nextInt(4) * 0x33_4455);
            case 4 -> screen.text(part, random);
            default -> screen.noise(part, random);
        }
    }

    private static void deliver(TileCompositor viewer, Deque<ByteBuffer> toViewer, Deque<ByteBuffer> toHost, int most)
            throws MalformedTilesException {
        for (int i = 0; i < most && !toViewer.isEmpty(); i++) {
            viewer.receive(toViewer.poll()).ack().ifPresent(toHost::add);
        }
    }

    /// Each pixel is, exactly or blurred, that of the capture of the newest video shown or of a later one.
    private void nothingIsOlderThanTheVideo(TileCompositor viewer, long videoShown) {
        if (videoShown == 0) {
            return;
        }
        int[] shown = shown(viewer);
        for (int i = 0; i < shown.length; i++) {
            boolean found = false;
            for (int seq = (int) videoShown; seq < history.size() && !found; seq++) {
                int was = history.get(seq)[i];
                found = shown[i] == was || shown[i] == (was ^ 0x01_0101);
            }
            assertThat(found).as("pixel %d is of an older capture", i).isTrue();
        }
    }

    @Test
    void aTypedLetterIsAFewHundredBytesAndDamageWithoutChangeIsNothing() throws MalformedTilesException {
        Screens screen = new Screens(1920, 1080);
        screen.text(Rect.ofSize(1920, 1080), new Random(1));
        try (TileSource host = new TileSource(1, new TileGrid(1920, 1080), true)) {
            host.take(screen.frame(), 0);
            while (host.lackingTiles() > 0) {
                TileSource.Prepared update = host.prepare(host.settled(STILL, STILL, 0, 0), 60_000, false)
                        .orElseThrow();
                host.sent(update, 0);
                TileMessage.Update sent =
                        (TileMessage.Update) TileMessage.decodeAtViewer(update.message(), new Unpacking());
                host.acknowledged(TileMessage.encode(new TileMessage.Ack(1, sent.number())), 0);
            }
            screen.fill(new Rect(512, 320, 64, 64), 0xff_ffff);
            host.take(screen.frame(), 0);
            host.sent(
                    host.prepare(host.settled(STILL, STILL, 0, 0), 60_000, false)
                            .orElseThrow(),
                    0);

            screen.text(new Rect(520, 325, 10, 18), new Random(2));
            TileSource.Change letter = host.take(screen.frame(), STILL);
            assertThat(letter.tiles()).hasSize(1);
            assertThat(host.prepare(letter.tiles(), 24_000, true).orElseThrow().sizeBytes())
                    .isLessThan(300);

            int[] same = screen.pixels.clone();
            screen.fill(new Rect(0, 0, 1920, 1080), 0);
            System.arraycopy(same, 0, screen.pixels, 0, same.length);
            assertThat(host.take(screen.frame(), STILL).tiles()).isEmpty();
        }
    }

    @Test
    void whatSettledLastAndNearestToThePointerComesFirst() {
        Screens screen = new Screens(640, 64);
        try (TileSource host = new TileSource(1, new TileGrid(640, 64), true)) {
            host.take(screen.frame(), 0);
            screen.fill(new Rect(300, 10, 5, 5), 1);
            host.take(screen.frame(), 1_000 * MILLI);

            assertThat(host.settled(1_300 * MILLI, STILL, 600, 30)).containsExactly(4, 9, 8, 7, 6, 5, 3, 2, 1, 0);
            assertThat(host.settled(1_100 * MILLI, STILL, 600, 30)).doesNotContain(4);
            assertThat(host.settlesInNanos(1_100 * MILLI, STILL)).isZero();
        }
    }
}
