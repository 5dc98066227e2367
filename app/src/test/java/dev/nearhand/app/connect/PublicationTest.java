package dev.nearhand.app.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.app.Await;
import dev.nearhand.app.link.WebRtcFeed;
import dev.nearhand.app.session.HostConfig;
import dev.nearhand.app.session.PictureWatch;
import dev.nearhand.app.session.ViewerListener;
import dev.nearhand.app.session.ViewerState;
import dev.nearhand.capture.VideoCodecs;
import dev.nearhand.capture.codec.DecodedPicture;
import dev.nearhand.capture.screen.CaptureTarget;
import dev.nearhand.testing.Requires;
import dev.nearhand.testing.interop.ChromiumPeer;
import dev.nearhand.testing.interop.OutwardInterface;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.VideoCodec;
import dev.nearhand.transport.signaling.HttpEndpoint;
import dev.nearhand.transport.signaling.SignalingServer;
import dev.nearhand.transport.signaling.SignalingServerConfig;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The screen by WHIP and WHEP, from the command's options to the pixels.
class PublicationTest {
    private static final int WIDTH = 641;
    private static final int HEIGHT = 361;
    private static final String TOKEN = "screen-token";

    @TempDir
    Path profile;

    private final List<AutoCloseable> open = new ArrayList<>();

    private static final class Viewer implements ViewerListener {
        final List<String> sentences = new CopyOnWriteArrayList<>();
        volatile ViewerState state = ViewerState.CONNECTING;
        final List<String> sizes = new CopyOnWriteArrayList<>();
        volatile byte[] picture = {};

        @Override
        public void onState(ViewerState now, String sentence) {
            sentences.add(sentence);
            state = now;
        }

        @Override
        public void onPicture(DecodedPicture decoded) {
            picture = Pictures.packed(decoded.bgra(), decoded.width(), decoded.height(), decoded.strideBytes());
            sizes.add(decoded.width() + "x" + decoded.height());
        }

        void awaitSharp(byte[] expected) {
            awaitSharp(expected, 38);
        }

        void awaitSharp(byte[] expected, double decibels) {
            Await.until(
                    "sharp",
                    () -> Pictures.lumaPsnr(expected, picture) >= decibels,
                    () -> "PSNR " + Pictures.lumaPsnr(expected, picture) + ", " + sentences);
        }

        String ending() {
            Await.until("the end", () -> state == ViewerState.ENDED);
            return sentences.getLast();
        }
    }

    private static final class Publisher implements ScreenPublication.Listener {
        final List<String> sentences = new CopyOnWriteArrayList<>();
        volatile String ended = "";

        @Override
        public void onState(String sentence) {
            sentences.add(sentence);
        }

        @Override
        public void onEnded(String reason) {
            ended = reason;
        }
    }

    private static SignalingServerConfig http() {
        return SignalingServerConfig.onPort(0)
                .withBindAddresses(List.of(InetAddress.getLoopbackAddress()))
                .withBearerToken(TOKEN);
    }

    private static HostConfig config() {
        return new HostConfig("host", new CaptureTarget.WholeDesktop(), 30, 8_000_000, false);
    }

    private static HttpEndpoint endpoint(int port, String path) {
        return HttpEndpoint.of(URI.create("http://127.0.0.1:" + port + path)).withBearerToken(TOKEN);
    }

    private ScreenPublication served(SignalingServerConfig http, Publisher publisher) {
        ScreenPublication served = ScreenPublication.asWhep(
                http, IceSettings.none(), config(), Pictures.patternDevices(WIDTH, HEIGHT), publisher);
        open.add(served);
        return served;
    }

    private PublicationView watching(int port, Viewer viewer) {
        PublicationView view =
                PublicationView.fromWhep(endpoint(port, ScreenPublication.WHEP_PATH), IceSettings.none(), viewer);
        open.add(view);
        return view;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void theScreenIsServedToSeveralWatchersAndCapturedOnlyForThem() {
        Publisher publisher = new Publisher();
        ScreenPublication served = served(http(), publisher);
        byte[] expected = Pictures.pattern(WIDTH, HEIGHT);
        assertThat(served.stats().counter("frames.captured"))
                .as("before anybody watches")
                .isZero();

        Viewer first = new Viewer();
        PublicationView one = watching(served.port(), first);
        first.awaitSharp(expected);
        assertThat(one.stats().width()).isEqualTo(WIDTH);
        Viewer second = new Viewer();
        PublicationView two = watching(served.port(), second);
        second.awaitSharp(expected);
        Await.until("said", () -> publisher.sentences.contains("The screen is being sent to 2 watchers."));

        one.close();
        assertThat(first.ending()).isEqualTo("You have disconnected.");
        two.close();
        Await.until("nobody watches", () -> publisher.sentences.getLast().equals("The screen is not being sent."));
        Viewer third = new Viewer();
        watching(served.port(), third);
        third.awaitSharp(expected);

        served.close();
        assertThat(third.ending()).contains("ended");
    }

    @Test
    void theScreenIsPublishedToWhoeverListens() {
        AtomicInteger port = new AtomicInteger();
        Viewer viewer = new Viewer();
        PublicationView view = PublicationView.fromWhip(http(), IceSettings.none(), viewer, port::set);
        open.add(view);
        Publisher publisher = new Publisher();
        ScreenPublication published = ScreenPublication.toWhip(
                endpoint(port.get(), PublicationView.WHIP_PATH),
                IceSettings.none(),
                config(),
                Pictures.patternDevices(WIDTH, HEIGHT),
                publisher);
        open.add(published);
        viewer.awaitSharp(Pictures.pattern(WIDTH, HEIGHT));

        view.close();
        Await.until("the publisher knows", () -> !publisher.ended.isEmpty());
        assertThat(publisher.ended).startsWith("The server has ended it");
    }

    @ParameterizedTest
    @EnumSource(names = {"VP8", "H264"})
    void theScreenIsPublishedInTheFormatThatTheServerTakes(VideoCodec format) {
        Viewer viewer = new Viewer();
        AtomicReference<PictureWatch> watch = new AtomicReference<>();
        SignalingServer server = SignalingServer.open(http());
        open.add(server);
        server.addWhip("/one-format", _ -> {
            PeerConnection connection =
                    PeerConnection.create(PeerConfig.defaults().withLoopback(true));
            connection.acceptVideo(format);
            watch.set(new PictureWatch(VideoCodecs::openDecoder, new WebRtcFeed(connection), viewer));
            return connection;
        });
        open.add(() -> watch.get().close());
        open.add(ScreenPublication.toWhip(
                endpoint(server.port(), "/one-format"),
                IceSettings.none(),
                config(),
                Pictures.patternDevices(640, 360),
                new Publisher()));
        viewer.awaitSharp(Pictures.pattern(640, 360), format == VideoCodec.H264 ? 36 : 38);
    }

    @Test
    void aServerThatSaysNoIsASentence() {
        ScreenPublication served = served(http(), new Publisher());
        HttpEndpoint wrong =
                endpoint(served.port(), ScreenPublication.WHEP_PATH).withBearerToken("wrong");
        Viewer viewer = new Viewer();
        open.add(PublicationView.fromWhep(wrong, IceSettings.none(), viewer));
        assertThat(viewer.ending()).contains("token", "401");
        assertThatThrownBy(() -> ScreenPublication.toWhip(
                        endpoint(served.port(), "/nothing"),
                        IceSettings.none(),
                        config(),
                        Pictures.patternDevices(WIDTH, HEIGHT),
                        new Publisher()))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("404");
    }

    @Test
    void aBrowserShowsThePixelsOfTheScreen() {
        try (OutwardInterface _ = new OutwardInterface();
                ChromiumPeer chromium = new ChromiumPeer(profile)) {
            ScreenPublication served = served(http(), new Publisher());
            byte[] expected = Pictures.pattern(WIDTH, HEIGHT);
            chromium.wantVideo();
            chromium.signal("http://127.0.0.1:" + served.port() + ScreenPublication.WHEP_PATH, TOKEN);
            double[] alike = {0};
            Await.until(
                    "the browser shows it",
                    () -> {
                        alike[0] = Pictures.lumaPsnr(
                                expected, Pictures.bgra(chromium.picture().rgba()));
                        return alike[0] >= 38;
                    },
                    () -> "PSNR " + alike[0] + "\n" + chromium.log());
            assertThat(chromium.hangUp()).isEqualTo("200");
        }
    }

    /// The browser paints one colour after another, of 80 % saturation and half the lightness.
    @ParameterizedTest
    @ValueSource(strings = {"video/VP9", "video/H264", "video/AV1"})
    void whatABrowserPublishesIsShownInItsColours(String mimeType) {
        try (OutwardInterface _ = new OutwardInterface();
                ChromiumPeer chromium = new ChromiumPeer(profile)) {
            Requires.check(chromium.sendVideo(mimeType), "a Chromium that encodes " + mimeType);
            Viewer viewer = receiving(chromium);
            Await.until("pictures", () -> viewer.sizes.size() >= 10, chromium::log);
            assertThat(viewer.sizes).containsOnly("320x240");
            byte[] last = viewer.picture;
            int middle = 4 * (120 * 320 + 160);
            int[] sorted = IntStream.range(0, 3)
                    .map(channel -> last[middle + channel] & 0xff)
                    .sorted()
                    .toArray();
            assertThat(sorted[2]).as("brightest channel").isBetween(214, 246);
            assertThat(sorted[0]).as("darkest channel").isBetween(10, 42);
        }
    }

    /// Two spatial layers of VP9 come as one superframe of two pictures.
    @Test
    void ofTheSpatialLayersOnlyTheLargestIsShown() {
        try (OutwardInterface _ = new OutwardInterface();
                ChromiumPeer chromium = new ChromiumPeer(profile)) {
            chromium.sendLayers("video/VP9", 640, 360, List.of(Map.of("scalabilityMode", "L2T1")));
            Viewer viewer = receiving(chromium);
            Await.until("the large one", () -> viewer.sizes.contains("640x360"), chromium::log);
            int first = viewer.sizes.indexOf("640x360");
            Await.until("more", () -> viewer.sizes.size() >= first + 30, chromium::log);
            List<String> shown = viewer.sizes.subList(first, first + 30);
            long changes = IntStream.range(1, shown.size())
                    .filter(index -> !shown.get(index).equals(shown.get(index - 1)))
                    .count();
            // a browser may go on with the small one alone, but not change with every frame
            assertThat(changes).as("changes of the size in %s", shown).isLessThan(5);
        }
    }

    private Viewer receiving(ChromiumPeer chromium) {
        AtomicInteger port = new AtomicInteger();
        Viewer viewer = new Viewer();
        open.add(PublicationView.fromWhip(http(), IceSettings.none(), viewer, port::set));
        chromium.signal("http://127.0.0.1:" + port.get() + PublicationView.WHIP_PATH, TOKEN);
        return viewer;
    }
}
