package dev.nearhand.app.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.testing.Requires;
import dev.nearhand.testing.interop.Log;
import dev.nearhand.transport.api.EncodedVideoFrame;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.SessionDescription;
import dev.nearhand.transport.api.VideoCodec;
import dev.nearhand.transport.api.VideoTrack;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EchoTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final PeerConfig LOOPBACK = PeerConfig.defaults().withLoopback(true);
    private static final Path DEBIAN_PYTHON = Path.of("/usr/bin/python3");

    /// A whole VP8 key frame by its header (RFC 6386 section 9.1): 16 by 16, and some bytes.
    private static final byte[] FRAME = HexFormat.of().parseHex("1000009d012a10001000000102030405060708");

    /// The echo protocol by aiortc: prints its port, answers one offer after the other.
    private static final String AIORTC = """
            import asyncio, json
            from aiortc import RTCPeerConnection, RTCSessionDescription
            peers = []
            async def handle(reader, writer):
                head = await reader.readuntil(b"\\r\\n\\r\\n")
                size = next(int(l.split(b":")[1]) for l in head.lower().split(b"\\r\\n") if l.startswith(b"content-length"))
                offer = json.loads(await reader.readexactly(size))
                pc = RTCPeerConnection()
                peers.append(pc)
                pc.on("datachannel", lambda channel: channel.on("message", channel.send))
                await pc.setRemoteDescription(RTCSessionDescription(offer["sdp"], offer["type"]))
                await pc.setLocalDescription(await pc.createAnswer())
                body = json.dumps({"sdp": pc.localDescription.sdp, "type": "answer"}).encode()
                writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\nConnection: close\\r\\n\\r\\n" % len(body) + body)
                await writer.drain()
                writer.close()
            async def main():
                server = await asyncio.start_server(handle, "127.0.0.1", 0)
                print("port", server.sockets[0].getsockname()[1], flush=True)
                await server.serve_forever()
            asyncio.run(main())
            """;

    private EchoServer server;

    @BeforeEach
    void open() throws Exception {
        server = EchoServer.open(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), LOOPBACK);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + server.port() + "/offer");
    }

    @ParameterizedTest
    @EnumSource(EchoClient.Test.class)
    void ourClientPassesWithOurServer(EchoClient.Test test) throws Exception {
        new EchoClient(address(), LOOPBACK, PATIENCE).run(test);
    }

    @ParameterizedTest
    @EnumSource(EchoClient.Test.class)
    void ourClientPassesWithAiortc(EchoClient.Test test, @TempDir Path folder) throws Exception {
        Requires.check(
                Files.isExecutable(DEBIAN_PYTHON)
                        && Files.isDirectory(Path.of("/usr/lib/python3/dist-packages/aiortc")),
                "aiortc (Debian package python3-aiortc)");
        Path script = Files.writeString(folder.resolve("echo.py"), AIORTC);
        Process process = new ProcessBuilder(DEBIAN_PYTHON.toString(), script.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Log log = new Log(process.inputReader(StandardCharsets.UTF_8), line -> line.startsWith("port "));
            String line = log.wantedLine().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            URI aiortc = URI.create("http://127.0.0.1:" + line.substring("port ".length()) + "/offer");
            new EchoClient(aiortc, LOOPBACK, PATIENCE).run(test);
        } finally {
            Log.end(process);
        }
    }

    @Test
    void framesComeBackAsTheyWereSent() throws Exception {
        try (PeerConnection connection = PeerConnection.create(LOOPBACK)) {
            BlockingQueue<EncodedVideoFrame> frames = new LinkedBlockingQueue<>();
            connection.acceptVideo(VideoCodec.VP8);
            VideoTrack track = connection.addVideoTrack("film", VideoCodec.VP8);
            connection.receiveVideo();
            connection.onVideoTrack(remote -> remote.onFrame(frames::add));
            SessionDescription offer = connection.offerAsync().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            connection.setRemoteDescription(SessionDescription.answer(
                    WireDescription.read("answer", post(offer.sdp()).body())));
            EncodedVideoFrame frame = null;
            for (int i = 0; i < 600 && frame == null; i++) {
                track.write(ByteBuffer.wrap(FRAME), Duration.ofMillis(50));
                frame = frames.poll(50, TimeUnit.MILLISECONDS);
            }
            assertThat(frame).isNotNull();
            byte[] back = new byte[frame.data().remaining()];
            frame.data().get(back);
            assertThat(back).isEqualTo(FRAME);
        }
    }

    private HttpResponse<String> post(String offer) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(address())
                            .POST(HttpRequest.BodyPublishers.ofString(WireDescription.write("offer", offer)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void whatIsNoOfferIsRefused() throws Exception {
        for (String bad : List.of("", "v=0\r\n", "x".repeat(1_000))) {
            assertThat(post(bad).statusCode()).as(bad).isEqualTo(400);
        }
        assertThat(post("x".repeat(WireDescription.MAX_BYTES)).statusCode()).isEqualTo(413);
    }

    @Test
    void aServerThatIsNotThereIsSaidToBeMissing() {
        URI nowhere = address();
        server.close();
        assertThatThrownBy(() -> new EchoClient(nowhere, LOOPBACK, PATIENCE).run(EchoClient.Test.DATA_CHANNEL))
                .isInstanceOf(EchoException.class)
                .hasMessageContaining("does not answer");
    }
}
