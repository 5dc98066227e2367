package dev.nearhand.transport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.Requires;
import dev.nearhand.testing.interop.ChromiumPeer;
import dev.nearhand.testing.interop.ForeignPeer;
import dev.nearhand.testing.interop.OutwardInterface;
import dev.nearhand.transport.api.EncodedVideoFrame;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.RemoteVideoTrack;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One picture in two sizes at once, as Chromium sends it.
class InteropChromiumSimulcastTest {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;
    private static final List<Map<String, Object>> ENCODINGS = List.of(
            Map.of("rid", "l", "scaleResolutionDownBy", 2, "maxBitrate", 100_000),
            Map.of("rid", "h", "maxBitrate", 400_000));

    private static OutwardInterface network;

    @TempDir
    Path profile;

    /// Of the latest key frame.
    private final AtomicInteger width = new AtomicInteger();

    @BeforeAll
    static void openNetwork() {
        network = new OutwardInterface();
    }

    @AfterAll
    static void closeNetwork() {
        network.close();
    }

    /// The width stands in bytes 6 and 7 of a VP8 key frame (RFC 6386 section 9.1).
    private void look(EncodedVideoFrame frame) {
        if (frame.keyframe()) {
            int at = frame.data().position() + 6;
            width.set(frame.data().get(at) & 0xFF | (frame.data().get(at + 1) & 0x3F) << 8);
        }
    }

    private void awaitWidth(int wanted, ChromiumPeer chromium, PeerConnection connection) throws Exception {
        long deadline = System.nanoTime() + ForeignPeer.PATIENCE.toNanos();
        while (width.get() != wanted && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        assertThat(width.get())
                .as("%s%n%s", chromium.sent(), connection.stats())
                .isEqualTo(wanted);
    }

    @Test
    void theLargestIsTakenAndAnotherOnRequestAndWhenItEnds() throws Exception {
        try (ChromiumPeer chromium = new ChromiumPeer(profile);
                PeerConnection connection = PeerConnection.create()) {
            CompletableFuture<RemoteVideoTrack> added = new CompletableFuture<>();
            connection.onVideoTrack(remote -> {
                remote.onFrame(this::look);
                added.complete(remote);
            });
            Requires.check(chromium.sendLayers("video/VP8", WIDTH, HEIGHT, ENCODINGS), "a Chromium that encodes VP8");
            EchoExchange.answer(connection, chromium);
            RemoteVideoTrack track = added.get(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(track.layers()).containsExactly("l", "h");
            awaitWidth(WIDTH, chromium, connection);
            track.select("l");
            awaitWidth(WIDTH / 2, chromium, connection);
            track.selectBest();
            awaitWidth(WIDTH, chromium, connection);
            chromium.activate(List.of("l"));
            awaitWidth(WIDTH / 2, chromium, connection);
            chromium.activate(List.of("l", "h"));
            awaitWidth(WIDTH, chromium, connection);
        }
    }
}
