package dev.nearhand.transport.api;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.payload.Payloads;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/// Offers taken back, and tracks that end, as a user of the library meets them.
class RenegotiationTest {
    @Test
    void anOfferIsTakenBackAndTheStatesSayWhatMayComeNext() {
        try (ConnectedPair pair = new ConnectedPair()) {
            PeerConnection ours = pair.offerer;
            assertThat(ours.signalingState()).isEqualTo(SignalingState.STABLE);
            assertThatThrownBy(ours::rollback)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("signaling state");
            ours.addVideoTrack("film", VideoCodec.VP8);
            ours.setLocalDescription(ours.createOffer());
            assertThat(ours.signalingState()).isEqualTo(SignalingState.HAVE_LOCAL_OFFER);
            ours.rollback();
            assertThat(ours.signalingState()).isEqualTo(SignalingState.STABLE);
            pair.connect();
            assertThat(pair.offerer.createOffer().sdp()).contains("film");
        }
    }

    @Test
    void anOfferOfTheOtherSideTakesOursBackAndAProvisionalAnswerConnects() {
        try (ConnectedPair pair = new ConnectedPair()) {
            pair.offerer.setLocalDescription(pair.offerer.createOffer());
            pair.answerer.setLocalDescription(pair.answerer.createOffer());
            SessionDescription offer = pair.answerer.createOffer();
            pair.answerer.setLocalDescription(offer);
            pair.offerer.setRemoteDescription(offer);
            assertThat(pair.offerer.signalingState()).isEqualTo(SignalingState.HAVE_REMOTE_OFFER);
            SessionDescription answer = pair.offerer.createAnswer();
            SessionDescription provisional = SessionDescription.provisionalAnswer(answer.sdp());
            pair.offerer.setLocalDescription(provisional);
            pair.answerer.setRemoteDescription(provisional);
            pair.awaitConnected();
            assertThat(pair.answerer.signalingState()).isEqualTo(SignalingState.HAVE_REMOTE_PRANSWER);
            answer = pair.offerer.createAnswer();
            pair.offerer.setLocalDescription(answer);
            pair.answerer.setRemoteDescription(answer);
            assertThat(pair.answerer.signalingState()).isEqualTo(SignalingState.STABLE);
        }
    }

    @Test
    void aStoppedTrackEndsThereAndAnotherOneComes() throws Exception {
        try (ConnectedPair pair = new ConnectedPair()) {
            BlockingQueue<RemoteVideoTrack> tracks = new LinkedBlockingQueue<>();
            CompletableFuture<Void> ended = new CompletableFuture<>();
            pair.answerer.onVideoTrack(tracks::add);
            VideoTrack first = pair.offerer.addVideoTrack("first", VideoCodec.VP8);
            pair.connect();
            RemoteVideoTrack remote = tracks.poll(ConnectedPair.PATIENCE_SECONDS, SECONDS);
            assertThat(remote).isNotNull();
            remote.onEnded(() -> ended.complete(null));
            first.stop();
            pair.negotiate();
            ConnectedPair.await(ended);
            assertThat(first.isSending()).isFalse();

            BlockingQueue<EncodedVideoFrame> frames = new LinkedBlockingQueue<>();
            VideoTrack second = pair.offerer.addVideoTrack("second", VideoCodec.VP9);
            CompletableFuture<Void> wanted = new CompletableFuture<>();
            second.onKeyframeRequest(() -> wanted.complete(null));
            pair.negotiate();
            RemoteVideoTrack next = tracks.poll(ConnectedPair.PATIENCE_SECONDS, SECONDS);
            assertThat(next).isNotNull();
            assertThat(next.name()).isEqualTo("second");
            next.onFrame(frames::add);
            ConnectedPair.await(wanted);
            byte[] frame = Payloads.frame(Codec.VP9, new Random(7), true);
            second.write(ByteBuffer.wrap(frame), 90_000);
            EncodedVideoFrame received = frames.poll(ConnectedPair.PATIENCE_SECONDS, SECONDS);
            assertThat(received).isNotNull();
            assertThat(received.data()).isEqualTo(ByteBuffer.wrap(frame));
        }
    }
}
