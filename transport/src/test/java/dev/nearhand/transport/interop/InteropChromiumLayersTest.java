package dev.nearhand.transport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.Requires;
import dev.nearhand.testing.interop.ChromiumPeer;
import dev.nearhand.testing.interop.OutwardInterface;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.VideoCodec;
import dev.nearhand.transport.api.VideoTrack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Layers within one stream, as Chromium sends them. What we put together is sent back, for the browser's own decoders
/// to judge.
class InteropChromiumLayersTest {
    private static final Duration FRAME = Duration.ofMillis(50);
    private static final int FRAMES = 40;

    /// Wide enough for two spatial layers; Chromium does without a third one at this size.
    private static final int WIDTH = 640;

    private static final int HEIGHT = 480;

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

    @ParameterizedTest
    @CsvSource({"VP8,L1T3", "VP9,L1T3", "AV1,L1T3", "VP9,L2T1", "VP9,L2T3_KEY", "AV1,L2T1", "AV1,L2T3_KEY"})
    void layersOfOneStreamComeTogetherAsFramesThatADecoderTakes(VideoCodec codec, String mode) {
        try (ChromiumPeer chromium = new ChromiumPeer(profile);
                PeerConnection connection = PeerConnection.create()) {
            VideoTrack back = connection.addVideoTrack("echo", codec);
            AtomicInteger frames = new AtomicInteger();
            connection.onVideoTrack(remote -> {
                back.onKeyframeRequest(remote::requestKeyframe);
                remote.onFrame(frame -> {
                    frames.incrementAndGet();
                    back.write(frame.data(), FRAME);
                });
            });
            List<Map<String, Object>> layers = List.of(Map.of("scalabilityMode", mode, "maxBitrate", 1_500_000));
            Requires.check(
                    chromium.sendLayers("video/" + codec, WIDTH, HEIGHT, layers), "a Chromium that encodes " + codec);
            EchoExchange.answer(connection, chromium);
            chromium.awaitReceived("video", "framesDecoded", FRAMES);
            chromium.awaitReceived("video", "frameWidth", WIDTH);
            assertThat(chromium.sent()).contains("\"scalabilityMode\":\"" + mode + "\"");
            assertThat(frames.get()).isGreaterThanOrEqualTo(FRAMES);
        }
    }
}
