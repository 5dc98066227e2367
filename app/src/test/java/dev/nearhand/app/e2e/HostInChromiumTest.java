package dev.nearhand.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.nearhand.app.link.WebRtcLink;
import dev.nearhand.app.local.LocalMachine;
import dev.nearhand.app.local.ScreenChoice;
import dev.nearhand.app.session.HostConfig;
import dev.nearhand.app.session.HostListener;
import dev.nearhand.app.session.HostSession;
import dev.nearhand.app.session.HostState;
import dev.nearhand.app.session.OfferingLink;
import dev.nearhand.app.session.PathListener;
import dev.nearhand.capture.screen.CaptureTarget;
import dev.nearhand.testing.Requires;
import dev.nearhand.testing.Xvfb;
import dev.nearhand.testing.interop.ChromiumPeer;
import dev.nearhand.testing.interop.ForeignPeer;
import dev.nearhand.testing.interop.OutwardInterface;
import dev.nearhand.transport.api.PeerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A judge that shares no code with us: a browser shows what a real session sends of a real screen, and its pixels are
/// compared with those that `xwd` reads from the same screen.
class HostInChromiumTest {
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 562;

    /// Of the brightness, because colour has a quarter of the samples in 4:2:0, whatever the encoder does.
    private static final double ALIKE_DB = 38;

    /// A channel of an area of one colour may be off by so much, two areas differ by far more.
    private static final int TOLERANCE = 12;

    private static final int[] COLOURS = {0xc83232, 0x32b450, 0xe6d23c, 0xf0f0f0};
    private static final int INK = 0x101010;

    private static OutwardInterface network;

    @TempDir
    Path profile;

    @BeforeAll
    static void openNetwork() {
        Requires.tool("xterm", "xterm");
        Requires.tool("xsetroot", "x11-xserver-utils");
        network = new OutwardInterface();
    }

    @AfterAll
    static void closeNetwork() {
        if (network != null) {
            network.close();
        }
    }

    @Test
    void aBrowserShowsThePixelsOfTheHostsScreen() throws Exception {
        try (Xvfb screen = Xvfb.start(WIDTH, HEIGHT);
                ChromiumPeer chromium = new ChromiumPeer(profile)) {
            paint(screen);
            OfferingLink link = WebRtcLink.host(PeerConfig.defaults());
            States states = new States();
            try (HostSession host = new HostSession(
                    new HostConfig(
                            "host",
                            new CaptureTarget.WholeDesktop(),
                            HostConfig.DEFAULT_FRAMES_PER_SECOND,
                            HostConfig.DEFAULT_BITRATE_BPS,
                            false),
                    LocalMachine.devices(new ScreenChoice(ScreenChoice.Kind.X11, screen.display(), WIDTH, HEIGHT)),
                    link,
                    states,
                    PathListener.NONE)) {
                String offer = link.offer().get(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
                link.accept(chromium.answer(offer)).get(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);

                Await.until(
                        Duration.ofSeconds(60),
                        () -> "the browser shows the host's screen at " + alike(screen, shown(chromium)) + " dB, "
                                + host.state() + "\nours:\n" + states.told + "theirs:\n" + chromium.log(),
                        () -> alike(screen, shown(chromium)) >= ALIKE_DB);
                assertColours(shown(chromium));
                assertThat(host.state()).isEqualTo(HostState.LIVE);
            }
        }
    }

    /// Letters on areas of several colours; returns when all of them are on the screen.
    private static void paint(Xvfb screen) {
        screen.run("xsetroot", "-solid", "#2e5e8c");
        for (int i = 0; i < COLOURS.length; i++) {
            screen.start(
                    "xterm",
                    "-bg",
                    "#%06x".formatted(COLOURS[i]),
                    "-fg",
                    "#%06x".formatted(INK),
                    "-geometry",
                    "50x16+%d+%d".formatted(left(i), top(i)),
                    "-e",
                    "sh",
                    "-c",
                    "yes 'The quick brown fox jumps over the lazy dog' | head -12; exec cat");
        }
        Await.until(Duration.ofSeconds(30), () -> "the terminals are not painted", () -> {
            ScreenPicture picture = ScreenPicture.of(screen);
            return Arrays.stream(COLOURS).allMatch(colour -> count(picture, colour) > 20_000)
                    && count(picture, INK) > 12_000;
        });
    }

    private static int left(int terminal) {
        return 20 + terminal % 2 * 480;
    }

    private static int top(int terminal) {
        return 20 + terminal / 2 * 280;
    }

    private static long count(ScreenPicture picture, int colour) {
        return Arrays.stream(picture.rgb()).filter(pixel -> pixel == colour).count();
    }

    /// In decibels; zero when the browser's picture has another size, or none.
    private static double alike(Xvfb screen, ScreenPicture shown) {
        ScreenPicture painted = ScreenPicture.of(screen);
        if (shown.width() != painted.width() || shown.height() != painted.height()) {
            return 0;
        }
        double error = 0;
        for (int i = 0; i < painted.rgb().length; i++) {
            double difference = luma(painted.rgb()[i]) - luma(shown.rgb()[i]);
            error += difference * difference;
        }
        return error == 0 ? 99 : 10 * Math.log10(255.0 * 255.0 * painted.rgb().length / error);
    }

    /// Rec. 601.
    private static double luma(int rgb) {
        return 0.299 * (rgb >> 16 & 0xFF) + 0.587 * (rgb >> 8 & 0xFF) + 0.114 * (rgb & 0xFF);
    }

    private static void assertColours(ScreenPicture shown) {
        for (int i = 0; i < COLOURS.length; i++) {
            // below the letters of its terminal
            int pixel = shown.rgb()[(top(i) + 190) * shown.width() + left(i) + 150];
            for (int shift = 0; shift <= 16; shift += 8) {
                assertThat(pixel >> shift & 0xFF)
                        .as("area %d is %06x", i, pixel)
                        .isCloseTo(COLOURS[i] >> shift & 0xFF, within(TOLERANCE));
            }
        }
    }

    private static ScreenPicture shown(ChromiumPeer chromium) {
        ChromiumPeer.Picture picture = chromium.picture();
        byte[] rgba = picture.rgba();
        int[] rgb = new int[rgba.length / 4];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (rgba[4 * i] & 0xFF) << 16 | (rgba[4 * i + 1] & 0xFF) << 8 | rgba[4 * i + 2] & 0xFF;
        }
        return new ScreenPicture(picture.width(), picture.height(), rgb);
    }

    private static final class States implements HostListener {
        private final StringBuffer told = new StringBuffer();

        @Override
        public void onState(HostState state, String reason) {
            told.append(state).append(": ").append(reason).append('\n');
        }

        @Override
        public void onControl(boolean allowed, String reason) {
            told.append("control ").append(allowed).append(": ").append(reason).append('\n');
        }
    }
}
