package dev.nearhand.app.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.app.Await;
import dev.nearhand.capture.codec.DecodedPicture;
import dev.nearhand.capture.screen.CaptureResult;
import dev.nearhand.capture.screen.CaptureTarget;
import dev.nearhand.capture.screen.Rect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The picture by both carriers, from the screen to the viewer's listener; the connection is a [LinkPair].
class TileSessionTest {
    private final LinkPair links = new LinkPair();
    private final PaintedScreen screen = new PaintedScreen(200, 150);
    private final Random random = new Random(8);
    private final List<AutoCloseable> open = new ArrayList<>();
    private final HostListener hostListener = new HostListener() {
        @Override
        public void onState(HostState state, String reason) {}

        @Override
        public void onControl(boolean allowed, String reason) {}
    };
    private volatile int[] shown = new int[0];
    private final ViewerListener listener = new ViewerListener() {
        @Override
        public void onState(ViewerState state, String sentence) {}

        @Override
        public void onPicture(DecodedPicture picture) {
            shown = PaintedScreen.of(picture);
        }
    };

    private HostSession host() {
        HostSession session = new HostSession(
                new HostConfig("host", new CaptureTarget.WholeDesktop(), 30, 5_000_000, true),
                screen.devices(),
                links.host,
                hostListener,
                PathListener.NONE);
        open.add(session);
        return session;
    }

    private ViewerSession viewer() {
        ViewerSession session =
                new ViewerSession("viewer", PaintedScreen::decoder, links.viewer, listener, PathListener.NONE);
        open.add(session);
        return session;
    }

    /// A host whose viewer, who knows tiles, has the whole picture.
    private HostSession settled() {
        links.tiles = true;
        HostSession host = host();
        viewer();
        links.connect();
        paintAll();
        Await.until("a picture", () -> shown.length > 0);
        paintAll();
        awaitExact("it settles");
        return host;
    }

    private void paintAll() {
        screen.paint(Rect.ofSize(screen.width, screen.height), random, 5_000);
    }

    private void typeLetter() {
        screen.paint(new Rect(20 + random.nextInt(100), 70, 9, 16), random, 7);
    }

    private void awaitExact(String what) {
        Await.until(what, () -> Arrays.equals(shown, screen.pixels()));
    }

    private void awaitLossy(String what) {
        int[] lossy =
                Arrays.stream(screen.pixels()).map(pixel -> pixel & 0xfe_fefe).toArray();
        Await.until(what, () -> Arrays.equals(shown, lossy));
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable session : open) {
            session.close();
        }
    }

    @Test
    void theSettledPictureIsExactAndALetterGoesWithoutTheEncoder() {
        links.tiles = true;
        HostSession host = host();
        ViewerSession viewer = viewer();
        links.connect();
        paintAll();
        Await.until("tiles", () -> host.stats().counter("tiles.sent") == 0 && shown.length > 0);
        paintAll();
        awaitExact("it settles");
        int encoded = screen.machine.encoded.size();

        for (int i = 0; i < 20; i++) {
            typeLetter();
            awaitExact("the letter");
        }

        assertThat(screen.machine.encoded).hasSize(encoded);
        assertThat(host.stats().counter("tiles.small")).isEqualTo(20);
        assertThat(viewer.stats().counter("tiles.shown")).isGreaterThan(20);
        assertThat(viewer.stats().stageMillis()).containsKey("tiles");

        links.viewer.requestKeyframe();
        Await.until("a key frame", () -> screen.machine.encoded.size() > encoded);
        paintAll();
        awaitExact("after motion");
    }

    @Test
    void whatIsLittleGoesWithoutTheEncoderEvenWhereItMoves() {
        HostSession host = settled();
        int encoded = screen.machine.encoded.size();

        for (int i = 0; i < 20; i++) {
            screen.paint(new Rect(8, 8, 48, 48), random, 2);
            awaitExact("a square that blinks");
        }

        assertThat(screen.machine.encoded).hasSize(encoded);
        assertThat(host.stats().counter("tiles.small")).isEqualTo(20);
    }

    @Test
    void aPageThatScrollsGoesWithoutTheEncoderAndStaysExact() {
        screen.resize(400, 300);
        HostSession host = settled();
        int encoded = screen.machine.encoded.size();
        for (int i = 0; i < 20; i++) {
            screen.scroll(new Rect(30, 20, 350, 270), 1 + 2 * (i % 7), random, 2);
            awaitExact("the page");
        }
        assertThat(screen.machine.encoded).hasSize(encoded);
        assertThat(host.stats().counter("tiles.moves")).isGreaterThanOrEqualTo(20);
    }

    @Test
    void aPageThatScrollsBeforeItWasSharpBecomesExact() {
        screen.resize(400, 300);
        settled();
        paintAll();
        for (int i = 0; i < 20; i++) {
            screen.scroll(new Rect(30, 20, 350, 270), 3, random, 300); // faster than it is taken
        }
        awaitExact("in the end");
    }

    @Test
    void aViewerThatKnowsNoTilesGetsPlainVideo() {
        links.tiles = false;
        HostSession host = host();
        viewer();
        links.connect();
        paintAll();
        awaitLossy("by video");
        Await.until("it settles", () -> screen.machine.encoded.size() > FakeScreen.REFINEMENTS);
        typeLetter();
        awaitLossy("the letter by video");

        assertThat(host.stats().counter("tiles.sent")).isZero();
    }

    @Test
    void anotherSizeLeavesNoTileOfTheOldOne() {
        settled();

        screen.resize(330, 90);
        screen.machine.results.add(new CaptureResult.Reinit("the screen was resized", 330, 90));
        paintAll();
        awaitExact("the second size");
        typeLetter();
        awaitExact("a letter");
    }

    @Test
    void withoutTheChannelTheVideoGoesOnAlone() {
        HostSession host = settled();

        links.breakTiles();
        typeLetter();
        awaitLossy("the letter by video");
        assertThat(host.stats().counter("tiles.malformed")).isZero();
    }

    @Test
    void whatWasLostWhileTheLinkWasDownLeavesNothingStale() {
        HostSession host = settled();

        links.cut(PeerLink.State.DISCONNECTED);
        Await.until("silent", () -> host.state() == HostState.SILENT);
        for (int i = 0; i < 10; i++) {
            typeLetter();
        }
        paintAll();
        typeLetter();
        links.mend();
        awaitExact("all is there again");
    }

    @Test
    void bytesThatAreNoTilesEndTheTilesOnly() {
        links.tiles = true;
        host();
        ViewerSession viewer = viewer();
        links.connect();
        paintAll();
        Await.until("a picture", () -> shown.length > 0);

        links.viewerTiles(new byte[] {2, 0, 0, 0, 9});

        Await.until("given up", () -> viewer.stats().counter("tiles.givenUp") == 1);
        typeLetter();
        awaitLossy("the letter by video");
    }
}
