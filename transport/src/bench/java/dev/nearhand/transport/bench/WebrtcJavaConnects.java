package dev.nearhand.transport.bench;

import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCAnswerOptions;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCDataChannelObserver;
import dev.onvoid.webrtc.RTCDataChannelState;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// Connects libwebrtc with itself, for [ConnectBench].
final class WebrtcJavaConnects {
    private WebrtcJavaConnects() {}

    /// Passes candidates on to the other end.
    private static final class End implements PeerConnectionObserver {
        final AtomicReference<RTCPeerConnection> other = new AtomicReference<>();

        @Override
        public void onIceCandidate(RTCIceCandidate candidate) {
            other.get().addIceCandidate(candidate);
        }
    }

    public static void main(String[] arguments) throws Exception {
        PeerConnectionFactory factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            connect(factory);
        }
        Thread.sleep(1_000); // its threads still have something to say, and end the process when they cannot
        Runtime.getRuntime().halt(0);
    }

    private static void connect(PeerConnectionFactory factory) throws Exception {
        long created = System.nanoTime();
        End one = new End();
        End two = new End();
        RTCPeerConnection offerer = factory.createPeerConnection(new RTCConfiguration(), one);
        RTCPeerConnection answerer = factory.createPeerConnection(new RTCConfiguration(), two);
        one.other.set(answerer);
        two.other.set(offerer);
        RTCDataChannel channel = offerer.createDataChannel("main", new RTCDataChannelInit());
        CompletableFuture<Long> opened = new CompletableFuture<>();
        channel.registerObserver(new RTCDataChannelObserver() {
            @Override
            public void onBufferedAmountChange(long previous) {}

            @Override
            public void onStateChange() {
                if (channel.getState() == RTCDataChannelState.OPEN) {
                    opened.complete(System.nanoTime());
                }
            }

            @Override
            public void onMessage(RTCDataChannelBuffer buffer) {}
        });
        long offered = System.nanoTime();
        Made offer = new Made();
        offerer.createOffer(new RTCOfferOptions(), offer);
        RTCSessionDescription described = offer.await();
        Done set = new Done();
        offerer.setLocalDescription(described, set);
        Done remote = new Done();
        answerer.setRemoteDescription(described, remote);
        remote.await();
        Made answer = new Made();
        answerer.createAnswer(new RTCAnswerOptions(), answer);
        RTCSessionDescription answered = answer.await();
        set.await();
        answerer.setLocalDescription(answered, new Done());
        offerer.setRemoteDescription(answered, new Done());
        long at = opened.get(30, TimeUnit.SECONDS);
        IO.println("%.3f %.3f".formatted((at - created) / 1e6, (at - offered) / 1e6));
        channel.unregisterObserver();
        offerer.close();
        answerer.close();
    }

    private static final class Made implements CreateSessionDescriptionObserver {
        private final CompletableFuture<RTCSessionDescription> made = new CompletableFuture<>();

        @Override
        public void onSuccess(RTCSessionDescription description) {
            made.complete(description);
        }

        @Override
        public void onFailure(String error) {
            made.completeExceptionally(new IllegalStateException(error));
        }

        RTCSessionDescription await() throws Exception {
            return made.get(30, TimeUnit.SECONDS);
        }
    }

    private static final class Done implements SetSessionDescriptionObserver {
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        @Override
        public void onSuccess() {
            done.complete(null);
        }

        @Override
        public void onFailure(String error) {
            done.completeExceptionally(new IllegalStateException(error));
        }

        void await() throws Exception {
            done.get(30, TimeUnit.SECONDS);
        }
    }
}
