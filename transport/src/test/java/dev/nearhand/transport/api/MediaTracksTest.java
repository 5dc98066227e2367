package dev.nearhand.transport.api;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.transport.payload.Payloads;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Tracks of every codec between two connections over real sockets.
class MediaTracksTest {
    private static final Duration PACKET = Duration.ofMillis(20);

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(ConnectedPair.PATIENCE_SECONDS, SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private static List<String> lines(SessionDescription description, String prefix) {
        return Arrays.stream(description.sdp().split("\r\n"))
                .filter(line -> line.startsWith(prefix))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(VideoCodec.class)
    void aFrameOfAnyCodecArrivesAsItWasWritten(VideoCodec codec) throws Exception {
        try (ConnectedPair pair = new ConnectedPair()) {
            BlockingQueue<EncodedVideoFrame> frames = new LinkedBlockingQueue<>();
            CompletableFuture<Void> wanted = new CompletableFuture<>();
            pair.answerer.onVideoTrack(track -> track.onFrame(frames::add));
            VideoTrack track = pair.offerer.addVideoTrack("film", codec);
            track.onKeyframeRequest(() -> wanted.complete(null));
            pair.connect();
            ConnectedPair.await(wanted);
            byte[] frame = Payloads.frame(codec.codec(), new Random(7), true);
            track.write(ByteBuffer.wrap(frame), 90_000);
            EncodedVideoFrame received = next(frames);
            assertThat(received.codec()).isEqualTo(codec);
            assertThat(received.data()).isEqualTo(ByteBuffer.wrap(frame));
            assertThat(received.rtpTimestamp()).isEqualTo(90_000);
            assertThat(received.keyframe()).isTrue();
        }
    }

    @Test
    void aTrackOfSeveralFormatsKnowsWhichOneWasAgreedOnAndLearnsOfAnother() throws Exception {
        try (ConnectedPair pair = new ConnectedPair()) {
            BlockingQueue<VideoCodec> wanted = new LinkedBlockingQueue<>();
            BlockingQueue<EncodedVideoFrame> frames = new LinkedBlockingQueue<>();
            pair.answerer.acceptVideo(VideoCodec.VP9);
            pair.answerer.onVideoTrack(track -> track.onFrame(frames::add));
            VideoTrack track = pair.offerer.addVideoTrack("film", VideoCodec.VP8, VideoCodec.H264, VideoCodec.VP9);
            assertThat(track.codec()).isEqualTo(VideoCodec.VP8);
            track.onKeyframeRequest(() -> {
                VideoCodec codec = track.codec();
                track.write(ByteBuffer.wrap(Payloads.frame(codec.codec(), new Random(8), true)), 90_000);
                wanted.add(codec);
            });
            pair.connect();
            assertThat(next(wanted)).isEqualTo(VideoCodec.VP9);
            assertThat(next(frames).codec()).isEqualTo(VideoCodec.VP9);

            pair.answerer.acceptVideo(VideoCodec.H264);
            pair.connect();
            VideoCodec last = next(wanted);
            while (last != VideoCodec.H264) {
                last = next(wanted); // of requests in between
            }
            EncodedVideoFrame frame = next(frames);
            while (frame.codec() != VideoCodec.H264) {
                frame = next(frames);
            }
            assertThatThrownBy(() -> pair.offerer.addVideoTrack("nothing"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void soundGoesBothWaysBesideVideo() throws Exception {
        try (ConnectedPair pair = new ConnectedPair()) {
            BlockingQueue<EncodedAudioPacket> there = new LinkedBlockingQueue<>();
            BlockingQueue<EncodedAudioPacket> back = new LinkedBlockingQueue<>();
            AudioTrack echo = pair.answerer.addAudioTrack("echo");
            pair.answerer.onAudioTrack(track -> track.onPacket(packet -> {
                there.add(packet);
                echo.write(packet.data().duplicate(), PACKET);
            }));
            pair.offerer.onAudioTrack(track -> track.onPacket(back::add));
            pair.offerer.receiveAudio();
            pair.offerer.addVideoTrack("film", VideoCodec.VP9);
            AudioTrack voice = pair.offerer.addAudioTrack("voice");
            pair.connect();
            // what is written before the descriptions have taken effect on both sides is dropped
            try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
                clock.scheduleAtFixedRate(
                        () -> voice.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), PACKET), 0, 20, MILLISECONDS);
                assertThat(next(there).data().remaining()).isEqualTo(3);
                assertThat(next(back).data()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            }
        }
    }

    @Test
    void theOrderOfAnOfferIsThePreferenceAndAnAnswerKeepsToWhatIsAccepted() {
        try (ConnectedPair pair = new ConnectedPair()) {
            pair.offerer.acceptVideo(VideoCodec.AV1, VideoCodec.VP9);
            pair.offerer.receiveVideo();
            SessionDescription offer = pair.offerer.createOffer();
            assertThat(lines(offer, "a=rtpmap:"))
                    .containsExactly(
                            "a=rtpmap:106 AV1/90000",
                            "a=rtpmap:107 rtx/90000",
                            "a=rtpmap:98 VP9/90000",
                            "a=rtpmap:99 rtx/90000");
            pair.answerer.acceptVideo(VideoCodec.VP9);
            pair.answerer.setRemoteDescription(offer);
            assertThat(lines(pair.answerer.createAnswer(), "m=video"))
                    .containsExactly("m=video 9 UDP/TLS/RTP/SAVPF 98 99");
        }
    }

    @Test
    void anEmptyListOfFormatsAndAPacketThatIsTooLongAreTheCallersFault() {
        try (PeerConnection connection = PeerConnection.create()) {
            AudioTrack track = connection.addAudioTrack("voice");
            assertThatThrownBy(connection::acceptVideo).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> track.write(ByteBuffer.allocate(AudioTrack.MAX_PACKET_BYTES + 1), PACKET))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> connection.addAudioTrack("two words"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
