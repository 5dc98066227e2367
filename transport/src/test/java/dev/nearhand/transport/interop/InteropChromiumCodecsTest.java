package dev.nearhand.transport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.Requires;
import dev.nearhand.testing.interop.ChromiumPeer;
import dev.nearhand.testing.interop.ForeignPeer;
import dev.nearhand.testing.interop.OutwardInterface;
import dev.nearhand.transport.api.AudioTrack;
import dev.nearhand.transport.api.EncodedAudioPacket;
import dev.nearhand.transport.api.EncodedVideoFrame;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.RemoteVideoTrack;
import dev.nearhand.transport.api.VideoCodec;
import dev.nearhand.transport.api.VideoTrack;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every codec to Chromium and from it.
class InteropChromiumCodecsTest {
    private static final Duration FRAME = Duration.ofMillis(66);
    private static final int FRAMES = 30;
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

    @ParameterizedTest
    @EnumSource(VideoCodec.class)
    void chromiumDecodesAndShowsWhatWeSend(VideoCodec codec) {
        try (ChromiumPeer chromium = new ChromiumPeer(profile);
                PeerConnection connection = PeerConnection.create()) {
            VideoTrack track = connection.addVideoTrack("film", codec);
            List<byte[]> frames = Recordings.of(codec);
            AtomicBoolean restart = new AtomicBoolean();
            track.onKeyframeRequest(() -> restart.set(true));
            EchoExchange.offer(connection, chromium);
            int[] next = {0};
            try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
                clock.scheduleAtFixedRate(
                        () -> {
                            next[0] = restart.getAndSet(false) ? 0 : next[0] % frames.size();
                            track.write(ByteBuffer.wrap(frames.get(next[0]++)), FRAME);
                        },
                        0,
                        FRAME.toMillis(),
                        TimeUnit.MILLISECONDS);
                chromium.awaitReceived("video", "framesDecoded", FRAMES);
                assertShowsThePicture(chromium.frame(QUARTERS));
                clock.shutdownNow();
            }
        }
    }

    private static void assertShowsThePicture(ChromiumPeer.Frame frame) {
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

    @ParameterizedTest
    @EnumSource(VideoCodec.class)
    void weTakeWhatChromiumSendsAndGetKeyframesOnRequest(VideoCodec codec) throws Exception {
        try (ChromiumPeer chromium = new ChromiumPeer(profile);
                PeerConnection connection = PeerConnection.create()) {
            BlockingQueue<EncodedVideoFrame> frames = new LinkedBlockingQueue<>();
            CompletableFuture<RemoteVideoTrack> track = new CompletableFuture<>();
            connection.onVideoTrack(remote -> {
                remote.onFrame(frames::add);
                track.complete(remote);
            });
            Requires.check(chromium.sendVideo("video/" + codec), "a Chromium that encodes " + codec);
            EchoExchange.answer(connection, chromium);

            List<EncodedVideoFrame> seen = new ArrayList<>();
            while (seen.size() < FRAMES) {
                seen.add(next(frames));
            }
            assertThat(seen).allMatch(frame -> frame.codec() == codec);
            assertThat(seen.getFirst().keyframe()).isTrue();
            assertThat(seen.stream().filter(EncodedVideoFrame::keyframe).count())
                    .isLessThan(FRAMES / 2);

            track.get(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS).requestKeyframe();
            long deadline = System.nanoTime() + ForeignPeer.PATIENCE.toNanos();
            boolean asked = false;
            while (!asked && System.nanoTime() < deadline) {
                asked = next(frames).keyframe();
            }
            assertThat(asked).isTrue();
        }
    }

    private static EncodedVideoFrame next(BlockingQueue<EncodedVideoFrame> frames) throws InterruptedException {
        EncodedVideoFrame frame = frames.poll(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(frame).as("a frame").isNotNull();
        return frame;
    }

    @Test
    void opusComesFromChromiumAndIsTakenBack() throws Exception {
        try (ChromiumPeer chromium = new ChromiumPeer(profile);
                PeerConnection connection = PeerConnection.create()) {
            BlockingQueue<EncodedAudioPacket> packets = new LinkedBlockingQueue<>();
            AudioTrack back = connection.addAudioTrack("echo");
            connection.onAudioTrack(remote -> remote.onPacket(packet -> {
                packets.add(packet);
                back.write(packet.data(), Duration.ofMillis(20));
            }));
            chromium.sendAudio();
            EchoExchange.answer(connection, chromium);
            for (int i = 0; i < 50; i++) {
                EncodedAudioPacket packet = packets.poll(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(packet).as("packet %d", i).isNotNull();
                assertThat(packet.data().remaining()).isPositive();
            }
            chromium.awaitReceived("audio", "packetsReceived", 50);
            chromium.awaitReceived("audio", "totalSamplesReceived", 10_000);
        }
    }
}
