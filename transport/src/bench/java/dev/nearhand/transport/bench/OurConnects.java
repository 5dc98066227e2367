package dev.nearhand.transport.bench;

import dev.nearhand.transport.api.ConnectionState;
import dev.nearhand.transport.api.DataChannel;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.SessionDescription;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Connects this stack with itself, for [ConnectBench].
final class OurConnects {
    /// Programs warm up when they start; a person does not connect in the first seconds.
    private static final long WARM_UP_MILLIS = 8_000;

    private OurConnects() {}

    public static void main(String[] arguments) throws InterruptedException {
        PeerConnection.warmUp();
        Thread.sleep(WARM_UP_MILLIS);
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            connect();
        }
        System.exit(0);
    }

    private static void connect() throws InterruptedException {
        long created = System.nanoTime();
        CountDownLatch closed = new CountDownLatch(2);
        try (PeerConnection offerer = PeerConnection.create();
                PeerConnection answerer = PeerConnection.create()) {
            offerer.onStateChange((state, _) -> countClosed(state, closed));
            answerer.onStateChange((state, _) -> countClosed(state, closed));
            CountDownLatch opened = new CountDownLatch(1);
            long[] at = new long[1];
            DataChannel channel = offerer.createDataChannel("main");
            channel.onOpen(() -> {
                at[0] = System.nanoTime();
                opened.countDown();
            });
            offerer.onIceCandidate(candidate -> answerer.addRemoteCandidate(candidate.candidate()));
            answerer.onIceCandidate(candidate -> offerer.addRemoteCandidate(candidate.candidate()));
            long offered = System.nanoTime();
            SessionDescription offer = offerer.createOffer();
            offerer.setLocalDescription(offer);
            answerer.setRemoteDescription(offer);
            SessionDescription answer = answerer.createAnswer();
            answerer.setLocalDescription(answer);
            offerer.setRemoteDescription(answer);
            if (!opened.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no channel within 30 s");
            }
            IO.println("%.3f %.3f".formatted((at[0] - created) / 1e6, (at[0] - offered) / 1e6));
        }
        closed.await(5, TimeUnit.SECONDS);
    }

    private static void countClosed(ConnectionState state, CountDownLatch closed) {
        if (state == ConnectionState.CLOSED) {
            closed.countDown();
        }
    }
}
