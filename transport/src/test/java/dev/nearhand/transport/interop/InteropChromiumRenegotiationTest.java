package dev.nearhand.transport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.interop.ChromiumPeer;
import dev.nearhand.testing.interop.ForeignPeer;
import dev.nearhand.testing.interop.OutwardInterface;
import dev.nearhand.transport.api.EncodedVideoFrame;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.RemoteVideoTrack;
import dev.nearhand.transport.api.SessionDescription;
import dev.nearhand.transport.api.SignalingState;
import dev.nearhand.transport.api.VideoCodec;
import dev.nearhand.transport.api.VideoTrack;
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

/// Exchanges of descriptions in mid-session, with a browser: tracks come and go, offers meet and are taken back.
class InteropChromiumRenegotiationTest {
    private static final List<List<Double>> MIDDLE = List.of(List.of(0.5, 0.5));

    private static OutwardInterface network;

    private final BlockingQueue<RemoteVideoTrack> tracks = new LinkedBlockingQueue<>();

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

    private static String weOffer(PeerConnection connection, ChromiumPeer chromium) {
        SessionDescription offer = connection.createOffer();
        connection.setLocalDescription(offer);
        String answer = chromium.answer(offer.sdp());
        connection.setRemoteDescription(SessionDescription.answer(answer));
        return answer;
    }

    private static String weAnswer(PeerConnection connection, ChromiumPeer chromium, String offer) {
        connection.setRemoteDescription(SessionDescription.offer(offer));
        SessionDescription answer = connection.createAnswer();
        connection.setLocalDescription(answer);
        chromium.accept(answer.sdp());
        return answer.sdp();
    }

    private static long sections(String sdp) {
        return sdp.lines().filter(line -> line.startsWith("m=")).count();
    }

    private RemoteVideoTrack nextTrack() throws InterruptedException {
        RemoteVideoTrack track = tracks.poll(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(track).isNotNull();
        return track;
    }

    private static void awaitFrame(RemoteVideoTrack track) throws InterruptedException {
        BlockingQueue<EncodedVideoFrame> frames = new LinkedBlockingQueue<>();
        track.onFrame(frames::add);
        assertThat(frames.poll(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isNotNull();
    }

    @Test
    void showsATrackThatWeAddStopAndAddAgainInTheSamePlace() {
        try (ChromiumPeer chromium = new ChromiumPeer(profile);
                PeerConnection connection = PeerConnection.create()) {
            weOffer(connection, chromium);
            VideoTrack first = connection.addVideoTrack("first", VideoCodec.VP8);
            try (Player player = new Player(first)) {
                weOffer(connection, chromium);
                player.start();
                assertThat(chromium.frame(MIDDLE).width()).isEqualTo(320);
            }
            first.stop();
            assertThat(weOffer(connection, chromium)).contains("m=video 0");
            VideoTrack second = connection.addVideoTrack("second", VideoCodec.VP8);
            try (Player player = new Player(second)) {
                String answer = weOffer(connection, chromium);
                assertThat(sections(answer)).as("the place is used again").isEqualTo(2);
                player.start();
                assertThat(chromium.frame(MIDDLE).width()).isEqualTo(320);
            }
        }
    }

    @Test
    void receivesATrackThatThePageAddsStopsAndAddsAgainInTheSamePlace() throws Exception {
        try (ChromiumPeer chromium = new ChromiumPeer(profile);
                PeerConnection connection = PeerConnection.create()) {
            connection.onVideoTrack(tracks::add);
            weOffer(connection, chromium);
            chromium.sendVideo();
            weAnswer(connection, chromium, chromium.renegotiate());
            RemoteVideoTrack first = nextTrack();
            awaitFrame(first);
            CompletableFuture<Void> ended = new CompletableFuture<>();
            first.onEnded(() -> ended.complete(null));
            chromium.stopSending();
            weAnswer(connection, chromium, chromium.renegotiate());
            ended.get(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            chromium.sendVideo();
            String answer = weAnswer(connection, chromium, chromium.renegotiate());
            assertThat(sections(answer)).as("the place is used again").isEqualTo(2);
            awaitFrame(nextTrack());
        }
    }

    @Test
    void offersThatMeetAreResolvedWhicheverSideIsPolite() throws Exception {
        try (ChromiumPeer chromium = new ChromiumPeer(profile);
                PeerConnection connection = PeerConnection.create()) {
            connection.onVideoTrack(tracks::add);
            weOffer(connection, chromium);
            // the page is polite: our offer takes its own back
            chromium.sendVideo();
            chromium.renegotiate();
            VideoTrack ours = connection.addVideoTrack("ours", VideoCodec.VP8);
            try (Player player = new Player(ours)) {
                weOffer(connection, chromium);
                player.start();
                assertThat(chromium.frame(MIDDLE).width()).isEqualTo(320);
                // we are polite: its offer takes ours back
                connection.addAudioTrack("sound");
                connection.setLocalDescription(connection.createOffer());
                assertThat(connection.signalingState()).isEqualTo(SignalingState.HAVE_LOCAL_OFFER);
                weAnswer(connection, chromium, chromium.renegotiate());
                awaitFrame(nextTrack());
                assertThat(weOffer(connection, chromium)).contains("m=audio 9");
                assertThat(connection.signalingState()).isEqualTo(SignalingState.STABLE);
            }
        }
    }

    @Test
    void anOfferThatThePageTakesBackIsAsIfItHadNeverBeen() throws Exception {
        try (ChromiumPeer chromium = new ChromiumPeer(profile);
                PeerConnection connection = PeerConnection.create()) {
            connection.onVideoTrack(tracks::add);
            weOffer(connection, chromium);
            chromium.sendVideo();
            connection.setRemoteDescription(SessionDescription.offer(chromium.renegotiate()));
            chromium.rollback();
            connection.setRemoteDescription(SessionDescription.rollback());
            assertThat(connection.signalingState()).isEqualTo(SignalingState.STABLE);
            weOffer(connection, chromium);
            weAnswer(connection, chromium, chromium.renegotiate());
            awaitFrame(nextTrack());
        }
    }
}
