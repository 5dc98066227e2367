package dev.nearhand.transport.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Callbacks of two connections that call others at the same moment, as both ends in one program do.
class CrossedCallsTest {
    /// Each is in its callback when it calls: the loop that the other one needs is not free.
    private final CyclicBarrier bothAreInTheirCallbacks = new CyclicBarrier(2);

    /// @param connection connected, so that a listener is told its state at once
    private <T> CompletableFuture<T> inCallback(PeerConnection connection, Supplier<T> call) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        connection.onStateChange((_, _) -> {
            if (answer.isDone()) {
                return; // the end
            }
            try {
                bothAreInTheirCallbacks.await(ConnectedPair.PATIENCE_SECONDS, TimeUnit.SECONDS);
                answer.complete(call.get());
            } catch (InterruptedException | BrokenBarrierException | TimeoutException | RuntimeException failure) {
                answer.completeExceptionally(failure);
            }
        });
        return answer;
    }

    @Test
    void eachGetsItsAnswer() {
        ConnectedPair pair = new ConnectedPair();
        pair.open("talk", DataChannelOptions.reliable());
        CompletableFuture<String> ofAnswerer =
                inCallback(pair.offerer, () -> pair.answerer.stats().path());
        CompletableFuture<String> ofOfferer =
                inCallback(pair.answerer, () -> pair.offerer.stats().path());
        assertThat(ConnectedPair.await(ofAnswerer)).startsWith("host/host");
        assertThat(ConnectedPair.await(ofOfferer)).startsWith("host/host");
        pair.offerer.close();
        pair.answerer.close();
    }

    @Test
    void anOfferIsNotWaitedFor() {
        ConnectedPair pair = new ConnectedPair();
        pair.open("talk", DataChannelOptions.reliable());
        try (PeerConnection one = PeerConnection.create(PeerConfig.defaults());
                PeerConnection two = PeerConnection.create(PeerConfig.defaults())) {
            one.createDataChannel("talk");
            two.createDataChannel("talk");
            CompletableFuture<String> first =
                    inCallback(pair.offerer, () -> two.createOffer().sdp());
            CompletableFuture<String> second =
                    inCallback(pair.answerer, () -> one.createOffer().sdp());
            assertThat(ConnectedPair.await(first)).contains("a=ice-ufrag");
            assertThat(ConnectedPair.await(second)).contains("a=ice-ufrag");
        }
        pair.offerer.close();
        pair.answerer.close();
    }
}
