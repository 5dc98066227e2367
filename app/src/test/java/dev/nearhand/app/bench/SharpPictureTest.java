package dev.nearhand.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.app.Await;
import dev.nearhand.app.connect.Consent;
import dev.nearhand.app.connect.IceSettings;
import dev.nearhand.app.connect.Invitation;
import dev.nearhand.app.connect.ScreenShare;
import dev.nearhand.app.connect.ScreenView;
import dev.nearhand.app.connect.ShareListener;
import dev.nearhand.app.connect.ShareOptions;
import dev.nearhand.app.connect.ViewOptions;
import dev.nearhand.app.local.LocalMachine;
import dev.nearhand.app.local.ScreenChoice;
import dev.nearhand.app.session.HostConfig;
import dev.nearhand.app.session.HostState;
import dev.nearhand.app.session.ViewerListener;
import dev.nearhand.app.session.ViewerState;
import dev.nearhand.capture.codec.DecodedPicture;
import dev.nearhand.capture.screen.CaptureTarget;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.testing.Xvfb;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// What is drawn on a real display arrives pixel by pixel, over the real transport, and what is typed goes without the
/// encoder.
class SharpPictureTest {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 540;
    private static final int LETTERS = 40;

    private static final class Viewer implements ViewerListener {
        private final int[] shown = new int[WIDTH * HEIGHT];
        private int pictures;

        @Override
        public void onState(ViewerState state, String sentence) {}

        @Override
        public synchronized void onPicture(DecodedPicture picture) {
            take(picture, 0, HEIGHT);
        }

        @Override
        public synchronized void onPlaces(DecodedPicture picture, List<Rect> changed) {
            Rect around = changed.stream().reduce(Rect.ofSize(0, 0), Rect::boundsWith);
            take(picture, around.y(), around.bottom());
        }

        private void take(DecodedPicture picture, int top, int bottom) {
            pictures++;
            for (int y = top; y < bottom; y++) {
                MemorySegment.copy(
                        picture.bgra(),
                        ValueLayout.JAVA_INT_UNALIGNED,
                        (long) y * picture.strideBytes(),
                        shown,
                        y * WIDTH,
                        WIDTH);
            }
        }

        synchronized int pictures() {
            return pictures;
        }

        synchronized int differences(int[] expected) {
            int different = 0;
            for (int i = 0; i < expected.length; i++) {
                if (((expected[i] ^ shown[i]) & 0xff_ffff) != 0) {
                    different++;
                }
            }
            return different;
        }
    }

    private static ScreenShare share(Xvfb display) {
        return ScreenShare.start(
                new ShareOptions(
                        0,
                        List.of(InetAddress.getLoopbackAddress()),
                        new HostConfig("host", new CaptureTarget.WholeDesktop(), 30, 4_000_000, false),
                        IceSettings.none(),
                        Optional.empty()),
                LocalMachine.devices(new ScreenChoice(ScreenChoice.Kind.X11, display.display(), WIDTH, HEIGHT)),
                new ShareListener() {
                    @Override
                    public void onInvitation(Invitation invitation) {}

                    @Override
                    public CompletableFuture<Consent> onConsentAsked(String viewer) {
                        return CompletableFuture.completedFuture(Consent.VIEW_ONLY);
                    }

                    @Override
                    public void onState(String viewer, HostState state, String reason) {}

                    @Override
                    public void onControl(boolean allowed, String reason) {}
                });
    }

    @Test
    void aSettledPictureIsThePictureAndLettersGoWithoutTheEncoder() {
        Viewer viewer = new Viewer();
        try (Xvfb display = Xvfb.start(WIDTH, HEIGHT);
                ScreenShare share = share(display);
                ScreenView view =
                        ScreenView.connect(new ViewOptions("127.0.0.1:" + share.port(), share.code(), "v"), viewer);
                Arena arena = Arena.ofShared()) {
            MemorySegment x = X11.open(display.display());
            long window = X11.createWindow(x, WIDTH, HEIGHT, 0);
            MemorySegment gc = X11.createGc(x, window);
            X11.mapRaised(x, window);
            X11.sync(x);
            Await.until("a picture", () -> viewer.pictures() > 0);

            X11.fill(x, window, gc, 0, 0, 0, WIDTH, HEIGHT);
            X11.fill(x, window, gc, 0xff_0000, 20, 20, 300, 1);
            X11.fill(x, window, gc, 0xff_0000, 100, 10, 1, 60);
            for (int row = 0; row < 15; row++) {
                int colour = row % 3 == 0 ? 0xff_0000 : row % 3 == 1 ? 0x20_80ff : 0x00_ff40;
                X11.text(x, window, gc, colour, 20, 80 + 14 * row, "red and blue text on black, one pixel wide: il|!");
            }
            noise(x, window, gc, arena);
            X11.sync(x);
            int[] expected = X11.read(x, 0, 0, WIDTH, HEIGHT);
            Await.until(
                    "pixel-identical",
                    () -> viewer.differences(expected) == 0,
                    () -> viewer.differences(expected) + " pixels differ");

            long encoded = share.stats().orElseThrow().counter("frames.sent");
            long[] nanos = new long[LETTERS];
            for (int letter = 0; letter < LETTERS; letter++) {
                int at = letter;
                X11.text(x, window, gc, 0xf0_c0a0, 20 + 7 * letter, 400, "W");
                X11.sync(x);
                long begin = System.nanoTime();
                int[] now = X11.read(x, 0, 0, WIDTH, HEIGHT);
                while (viewer.differences(now) > 0) {
                    Thread.onSpinWait();
                    assertThat(System.nanoTime() - begin).as("letter %d", at).isLessThan(60_000_000_000L);
                }
                nanos[letter] = System.nanoTime() - begin;
            }
            assertThat(share.stats().orElseThrow().counter("frames.sent")).isEqualTo(encoded);
            assertThat(share.stats().orElseThrow().counter("tiles.small")).isGreaterThanOrEqualTo(LETTERS);
            assertThat(view.stats().counter("tiles.shown")).isGreaterThanOrEqualTo(LETTERS);
            Arrays.sort(nanos);
            System.out.printf(
                    "a letter, from the screen to the viewer's picture: p50 %.2f ms, p95 %.2f ms; %d bytes of %d%n",
                    nanos[LETTERS / 2] / 1e6,
                    nanos[LETTERS * 95 / 100] / 1e6,
                    share.stats().orElseThrow().counter("tiles.sentBytes"),
                    share.stats().orElseThrow().counter("tiles.small"));
            X11.close(x);
        }
    }

    /// As a photograph: no two pixels alike.
    private static void noise(MemorySegment x, long window, MemorySegment gc, Arena arena) {
        int side = 160;
        MemorySegment pixels = arena.allocate(side * side * 4L);
        Random random = new Random(9);
        for (int i = 0; i < side * side; i++) {
            pixels.setAtIndex(ValueLayout.JAVA_INT, i, random.nextInt(1 << 24));
        }
        X11.putImage(x, window, gc, X11.createImage(x, pixels, side, side), 600, 300, side, side);
    }
}
