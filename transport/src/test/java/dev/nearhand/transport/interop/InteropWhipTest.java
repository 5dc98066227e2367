package dev.nearhand.transport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.LineProcess;
import dev.nearhand.testing.interop.ChromiumPeer;
import dev.nearhand.testing.interop.ForeignPeer;
import dev.nearhand.testing.interop.OutwardInterface;
import dev.nearhand.transport.api.EncodedVideoFrame;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.VideoCodec;
import dev.nearhand.transport.api.VideoTrack;
import dev.nearhand.transport.signaling.SignalingServer;
import dev.nearhand.transport.signaling.SignalingServerConfig;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Other people's programs publish to our server and play from it.
class InteropWhipTest {
    private static final String TOKEN = "interop-7f3a";
    private static final Duration FRAME = Duration.ofMillis(50);
    private static final int FRAMES = 30;

    @TempDir
    Path folder;

    private final BlockingQueue<EncodedVideoFrame> received = new LinkedBlockingQueue<>(10_000);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private OutwardInterface network;
    private SignalingServer server;

    @BeforeEach
    void open() {
        network = new OutwardInterface();
        server = SignalingServer.open(SignalingServerConfig.onPort(0)
                        .withBindAddresses(List.of(InetAddress.getLoopbackAddress()))
                        .withBearerToken(TOKEN))
                .addWhip("/whip", _ -> {
                    PeerConnection connection = PeerConnection.create();
                    connection.onVideoTrack(track -> track.onFrame(received::offer));
                    return connection;
                })
                .addWhep("/whep", _ -> film(PeerConnection.create()));
    }

    @AfterEach
    void close() {
        clock.shutdownNow();
        if (server != null) {
            server.close();
        }
        network.close();
    }

    /// Plays the recording again and again, from its beginning when a key frame is asked for.
    private PeerConnection film(PeerConnection connection) {
        VideoTrack track = connection.addVideoTrack("film", VideoCodec.VP8);
        List<byte[]> frames = Ivf.frames(ForeignPrograms.resource("quadrants.ivf"));
        AtomicBoolean restart = new AtomicBoolean();
        track.onKeyframeRequest(() -> restart.set(true));
        int[] next = {0};
        clock.scheduleAtFixedRate(
                () -> {
                    next[0] = restart.getAndSet(false) ? 0 : next[0] % frames.size();
                    track.write(ByteBuffer.wrap(frames.get(next[0]++)), FRAME);
                },
                0,
                FRAME.toMillis(),
                TimeUnit.MILLISECONDS);
        return connection;
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    private void assertFramesArrive() throws InterruptedException {
        for (int i = 0; i < FRAMES; i++) {
            EncodedVideoFrame frame = received.poll(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(frame).as("frame %d", i).isNotNull();
        }
    }

    @Test
    void aPageInChromiumPublishesACanvas() throws Exception {
        try (ChromiumPeer chromium = new ChromiumPeer(folder)) {
            chromium.sendVideo();
            assertThat(chromium.signal(url("/whip"), TOKEN)).startsWith(url("/whip/"));
            assertFramesArrive();
            assertThat(chromium.patches()).as("candidates by PATCH").matches("(204(,204)*)?");
            assertThat(chromium.hangUp()).isEqualTo("200");
            assertThat(server.sessions()).isZero();
        }
    }

    @Test
    void aPageInChromiumPlaysAFilm() {
        try (ChromiumPeer chromium = new ChromiumPeer(folder)) {
            chromium.wantVideo();
            chromium.signal(url("/whep"), TOKEN);
            chromium.awaitReceived("video", "framesDecoded", FRAMES);
            ChromiumPeer.Frame frame = chromium.frame(List.of(List.of(0.25, 0.25)));
            assertThat(frame.width()).isEqualTo(320);
            assertThat(frame.height()).isEqualTo(180);
            assertThat(frame.pixels().getFirst()[0]).as("the red quarter").isGreaterThan(180);
            assertThat(frame.pixels().getFirst()[1]).isLessThan(90);
            assertThat(chromium.hangUp()).isEqualTo("200");
            assertThat(server.sessions()).isZero();
        }
    }

    @Test
    void aPageWithAWrongTokenIsToldSo() {
        try (ChromiumPeer chromium = new ChromiumPeer(folder)) {
            chromium.wantVideo();
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> chromium.signal(url("/whep"), "wrong")))
                    .hasMessageContaining("401");
        }
    }

    @Test
    void aiortcPublishes() throws Exception {
        try (LineProcess aiortc = ForeignPrograms.aiortcWhip(folder, "publish", url("/whip"), TOKEN)) {
            aiortc.await("created 201 \"", ForeignPeer.PATIENCE);
            assertFramesArrive();
            assertThat(server.sessions()).isOne();
            aiortc.endInput();
            aiortc.await("deleted 200", ForeignPeer.PATIENCE);
            assertThat(server.sessions()).isZero();
        }
    }

    @Test
    void aiortcPlays() throws Exception {
        try (LineProcess aiortc = ForeignPrograms.aiortcWhip(folder, "play", url("/whep"), TOKEN)) {
            aiortc.await("created 201 \"", ForeignPeer.PATIENCE);
            aiortc.await("decoded " + FRAMES + " 320x180", ForeignPeer.PATIENCE);
            aiortc.endInput();
            aiortc.await("deleted 200", ForeignPeer.PATIENCE);
        }
    }
}
