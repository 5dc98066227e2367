package dev.nearhand.transport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.Requires;
import dev.nearhand.testing.interop.ChromiumPeer;
import dev.nearhand.testing.interop.ForeignPeer;
import dev.nearhand.testing.interop.OutwardInterface;
import dev.nearhand.transport.api.EncodedVideoFrame;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.SessionDescription;
import dev.nearhand.transport.api.VideoCodec;
import dev.nearhand.transport.api.VideoTrack;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Parity of other programs (RED and ULPFEC), over a path that loses packets.
class InteropParityTest {
    private static final Duration FRAME = Duration.ofMillis(50);

    private static OutwardInterface network;

    @TempDir
    Path folder;

    @BeforeAll
    static void openNetwork() {
        network = new OutwardInterface();
    }

    @AfterAll
    static void closeNetwork() {
        network.close();
    }

    private static void answer(PeerConnection connection, ForeignPeer foreign, LossyRelay relay) {
        SessionDescription offer = SessionDescription.offer(relay.toUs(foreign.offer()));
        SessionDescription answer = connection
                .answerAsync(offer)
                .orTimeout(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
        assertThat(answer.sdp()).contains("red/90000").contains("ulpfec/90000");
        foreign.accept(relay.toForeign(answer.sdp()));
    }

    /// GStreamer adds a fixed share of parity, and is asked for nothing here: every frame that arrives is one that its
    /// encoder made, byte for byte and in order, though every twentieth packet is lost on the way.
    @Test
    void framesOfGstreamerAreWholeByItsParityAlone() throws Exception {
        try (StdioPeer gstreamer = ForeignPrograms.gstreamerParity(folder);
                LossyRelay relay = new LossyRelay(OutwardInterface.address(), Duration.ofMillis(20), 0.05);
                PeerConnection connection = PeerConnection.create()) {
            BlockingQueue<EncodedVideoFrame> frames = new LinkedBlockingQueue<>();
            connection.onVideoTrack(remote -> remote.onFrame(frames::add));
            answer(connection, gstreamer, relay);

            List<String> arrived = new ArrayList<>();
            while (arrived.size() < 90 || connection.stats().counter("fec.recovered") < 10) {
                EncodedVideoFrame frame = frames.poll(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(frame)
                        .as(
                                "a frame after %d, %s",
                                arrived.size(), connection.stats().counters())
                        .isNotNull();
                assertThat(arrived.isEmpty() && !frame.keyframe()).isFalse();
                arrived.add(sha256(frame.data()));
            }
            List<String> made = List.of(gstreamer.ask("frames").split(" "));
            assertThat(made).containsSubsequence(arrived);
            assertThat(connection.stats().counter("fec.dropped")).isZero();
            assertThat(connection.stats().counter("rtp.nacksSent")).isZero();
            assertThat(connection.stats().counter("rtp.retransmissionsReceived"))
                    .isZero();
        }
    }

    private static String sha256(ByteBuffer bytes) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(bytes.duplicate());
        return HexFormat.of().formatHex(digest.digest());
    }

    /// Chromium sends parity where a round trip is long and loss is reported. What comes together here is sent back,
    /// for its own decoder to judge.
    @Test
    void chromiumsParityBringsBackWhatIsLost() throws Exception {
        try (ChromiumPeer chromium = new ChromiumPeer(folder);
                LossyRelay relay = new LossyRelay(OutwardInterface.address(), Duration.ofMillis(60), 0.1);
                PeerConnection connection = PeerConnection.create()) {
            VideoTrack back = connection.addVideoTrack("echo", VideoCodec.VP8);
            BlockingQueue<EncodedVideoFrame> frames = new LinkedBlockingQueue<>();
            connection.onVideoTrack(remote -> {
                back.onKeyframeRequest(remote::requestKeyframe);
                remote.onFrame(frames::add);
            });
            Requires.check(
                    chromium.sendLayers("video/VP8", 640, 480, List.of(Map.of("maxBitrate", 1_500_000))),
                    "a Chromium that encodes VP8");
            answer(connection, chromium, relay);
            long deadline = System.nanoTime() + ForeignPeer.PATIENCE.toNanos();
            int count = 0;
            while (System.nanoTime() < deadline
                    && (count < 100 || connection.stats().counter("fec.recovered") < 10)) {
                EncodedVideoFrame frame = frames.poll(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(frame)
                        .as("a frame after %d, %s", count, connection.stats().counters())
                        .isNotNull();
                back.write(frame.data(), FRAME);
                count++;
            }
            assertThat(connection.stats().counter("fec.recovered")).isGreaterThanOrEqualTo(10);
            assertThat(connection.stats().counter("fec.dropped")).isZero();
            chromium.awaitReceived("video", "framesDecoded", 50);
        }
    }
}
