package dev.nearhand.transport.signaling;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.api.EncodedVideoFrame;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.VideoCodec;
import dev.nearhand.transport.api.VideoTrack;
import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.payload.Payloads;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The two ends of what is published and watched in these tests: a film that goes on, and a counter of its frames.
final class Parties {
    /// Long, because build machines are slow and shared; nothing waits for it when all is well.
    static final long PATIENCE_SECONDS = 60;

    static final String TOKEN = "letMeIn-123";

    private static final Duration FRAME = Duration.ofMillis(20);

    private Parties() {}

    static PeerConnection connection() {
        return PeerConnection.create(PeerConfig.defaults().withLoopback(true));
    }

    static SignalingServerConfig serverConfig() {
        return SignalingServerConfig.onPort(0)
                .withBindAddresses(List.of(InetAddress.getLoopbackAddress()))
                .withRequestsPerSecond(1_000);
    }

    static URI uri(SignalingServer server, String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    static HttpEndpoint endpoint(SignalingServer server, String path) {
        return HttpEndpoint.of(uri(server, path)).withRequestTimeout(Duration.ofSeconds(PATIENCE_SECONDS));
    }

    static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(PATIENCE_SECONDS, SECONDS);
    }

    static void await(String what, java.util.function.BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as(what).isNegative();
            Thread.sleep(10);
        }
    }

    /// Writes a frame every 20 ms, one in ten a key frame.
    static final class Film implements AutoCloseable {
        private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        private final Random random = new Random(9725);
        private int frames;

        Film(PeerConnection connection) {
            VideoTrack track = connection.addVideoTrack("film", VideoCodec.VP8);
            clock.scheduleAtFixedRate(
                    () -> track.write(ByteBuffer.wrap(Payloads.frame(Codec.VP8, random, frames++ % 10 == 0)), FRAME),
                    0,
                    FRAME.toMillis(),
                    TimeUnit.MILLISECONDS);
        }

        @Override
        public void close() {
            clock.shutdownNow();
        }
    }

    /// Whatever video comes over a connection.
    static final class Audience {
        private final BlockingQueue<EncodedVideoFrame> frames = new LinkedBlockingQueue<>(10_000);

        Audience(PeerConnection connection) {
            connection.onVideoTrack(track -> track.onFrame(frames::offer));
        }

        void awaitFrames(int count) throws InterruptedException {
            frames.clear();
            for (int i = 0; i < count; i++) {
                assertThat(frames.poll(PATIENCE_SECONDS, SECONDS))
                        .as("frame %d", i)
                        .isNotNull();
            }
        }
    }
}
