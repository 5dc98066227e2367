package dev.nearhand.transport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.interop.ChromiumPeer;
import dev.nearhand.testing.interop.ForeignPeer;
import dev.nearhand.testing.interop.OutwardInterface;
import dev.nearhand.transport.api.EncodedVideoFrame;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.RemoteVideoTrack;
import dev.nearhand.transport.api.VideoCodec;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InteropChromiumTest {
    /// The middles of the four quarters of the synthetic picture: red, green, blue, yellow.
    private static final List<List<Double>> QUARTERS =
            List.of(List.of(0.25, 0.25), List.of(0.75, 0.25), List.of(0.25, 0.75), List.of(0.75, 0.75));

    private static final int[][] COLOURS = {{220, 40, 40}, {40, 200, 60}, {40, 70, 220}, {230, 220, 60}};

    /// A decoder and a different matrix of colours may be off by so much, the quarters differ by far more.
    private static final int TOLERANCE = 30;

    private static OutwardInterface network;

    @TempDir
    Path profile;

    @BeforeAll
    static void openNetwork() {
        network = new OutwardInterface();
    }

    @AfterAll
    static void closeNetwork() {
        network.close();
    }

    @Test
    void echoesWhenWeOffer() throws Exception {
        try (ForeignPeer chromium = new ChromiumPeer(profile)) {
            EchoExchange.offering(chromium);
        }
    }

    @Test
    void echoesWhenChromiumOffers() throws Exception {
        try (ForeignPeer chromium = new ChromiumPeer(profile)) {
            EchoExchange.answering(chromium);
        }
    }

    /// Chromium's TCP candidates are active ones: it connects to ours.
    @ParameterizedTest(name = "we offer: {0}")
    @ValueSource(booleans = {true, false})
    void chromiumConnectsToOurTcpCandidate(boolean weOffer) throws Exception {
        PeerConfig listening = PeerConfig.defaults().withTcpCandidates(true);
        try (ForeignPeer chromium = new WithoutUdp(new ChromiumPeer(profile))) {
            assertThat(
                            weOffer
                                    ? EchoExchange.offering(chromium, listening)
                                    : EchoExchange.answering(chromium, listening))
                    .startsWith("host/prflx tcp");
        }
    }

    /// Chromium checks along new pairs as soon as one description is set, whenever the answer comes.
    @ParameterizedTest(name = "answers are under way for {0} ms")
    @ValueSource(ints = {0, 1_500})
    void staysConnectedWhenEitherSideRestartsIce(int answerMillis) throws Exception {
        try (ChromiumPeer chromium = new ChromiumPeer(profile)) {
            EchoExchange.restarting(chromium, answerMillis);
        }
    }

    @Test
    void showsOurVideoWhenWeOfferAndTellsHowItArrives() throws Exception {
        try (ChromiumPeer chromium = new ChromiumPeer(profile);
                PeerConnection connection = PeerConnection.create();
                Player player = new Player(connection.addVideoTrack("screen", VideoCodec.VP8))) {
            CompletableFuture<Long> target = new CompletableFuture<>();
            player.track().onTargetBitrate(target::complete);
            EchoExchange.offer(connection, chromium);
            player.start();
            assertShowsThePicture(chromium);
            // Chromium tells how our packets arrive, and from that follows what may be sent
            assertThat(target.get(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isPositive();
        }
    }

    @Test
    void showsOurVideoWhenChromiumAsksForIt() {
        try (ChromiumPeer chromium = new ChromiumPeer(profile);
                PeerConnection connection = PeerConnection.create();
                Player player = new Player(connection.addVideoTrack("screen", VideoCodec.VP8))) {
            chromium.wantVideo();
            EchoExchange.answer(connection, chromium);
            player.start();
            assertShowsThePicture(chromium);
        }
    }

    @Test
    void receivesChromiumsVideoAndItsKeyFramesOnRequest() throws Exception {
        try (ChromiumPeer chromium = new ChromiumPeer(profile);
                PeerConnection connection = PeerConnection.create()) {
            BlockingQueue<EncodedVideoFrame> frames = new LinkedBlockingQueue<>();
            CompletableFuture<RemoteVideoTrack> track = new CompletableFuture<>();
            connection.onVideoTrack(remote -> {
                remote.onFrame(frames::add);
                track.complete(remote);
            });
            chromium.sendVideo();
            EchoExchange.answer(connection, chromium);

            EncodedVideoFrame first = awaitKeyframe(frames);
            // the size in a VP8 key frame (RFC 6386 section 9.1): two little-endian numbers after three bytes and a
            // mark
            assertThat(first.data().order(ByteOrder.LITTLE_ENDIAN).getShort(6)).isEqualTo((short) 320);
            assertThat(first.data().getShort(8)).isEqualTo((short) 240);

            track.get(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS).requestKeyframe();
            assertThat(awaitKeyframe(frames).rtpTimestamp()).isNotEqualTo(first.rtpTimestamp());
        }
    }

    private static EncodedVideoFrame awaitKeyframe(BlockingQueue<EncodedVideoFrame> frames) throws Exception {
        long deadline = System.nanoTime() + ForeignPeer.PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            EncodedVideoFrame frame = frames.poll(1, TimeUnit.SECONDS);
            if (frame != null && frame.keyframe()) {
                return frame;
            }
        }
        throw new AssertionError("no key frame came");
    }

    private static void assertShowsThePicture(ChromiumPeer chromium) {
        ChromiumPeer.Frame frame = chromium.frame(QUARTERS);
        assertThat(frame.width()).isEqualTo(320);
        assertThat(frame.height()).isEqualTo(180);
        for (int quarter = 0; quarter < COLOURS.length; quarter++) {
            for (int channel = 0; channel < 3; channel++) {
                assertThat(frame.pixels().get(quarter)[channel])
                        .as("quarter %d, channel %d", quarter, channel)
                        .isBetween(COLOURS[quarter][channel] - TOLERANCE, COLOURS[quarter][channel] + TOLERANCE);
            }
        }
    }
}
