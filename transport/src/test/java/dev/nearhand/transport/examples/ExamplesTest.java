package dev.nearhand.transport.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.api.EncodedVideoFrame;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.SessionDescription;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs each example as the process that a reader would start, with a connection of this process as the other side.
@Timeout(60)
class ExamplesTest {
    private static final Path ROOT = Path.of(System.getProperty("nearhand.root", ".."));

    private final PeerConnection other = PeerConnection.create();
    private Process example;
    private BufferedReader output;

    @AfterEach
    void stop() {
        other.close();
        if (example != null) {
            example.destroyForcibly();
        }
    }

    private void start(Class<?> program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        example = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = example.inputReader(UTF_8);
        String offer = lineThat("dj0w"); // "v=0" in Base64
        SessionDescription answer = other.answerAsync(
                        SessionDescription.offer(new String(Base64.getDecoder().decode(offer), UTF_8)))
                .join();
        PrintStream input = new PrintStream(example.getOutputStream(), true, UTF_8);
        input.println(Base64.getEncoder().encodeToString(answer.sdp().getBytes(UTF_8)));
    }

    /// The next line that begins with one of `starts`; lines of the log lie between.
    private String lineThat(String... starts) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            for (String start : starts) {
                if (line.startsWith(start)) {
                    return line;
                }
            }
        }
        throw new AssertionError("the example ended without a line that begins with " + String.join(" or ", starts));
    }

    private void endsWell() throws InterruptedException {
        assertThat(example.waitFor(20, SECONDS)).isTrue();
        assertThat(example.exitValue()).isZero();
    }

    @Test
    void connectConnects() throws Exception {
        start(Connect.class);
        assertThat(lineThat("CONNECTED")).isNotEmpty();
        endsWell();
    }

    @Test
    void helloDataChannelSaysHelloAndHearsTheAnswer() throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        other.onDataChannel(channel -> channel.onMessage(message -> {
            heard.complete(channel.label() + ": " + message.text());
            channel.send("Hello yourself!");
        }));
        start(HelloDataChannel.class);
        assertThat(heard.get(20, SECONDS)).isEqualTo("chat: Hello, World!");
        assertThat(lineThat("received")).isEqualTo("received: Hello yourself!");
        endsWell();
    }

    @Test
    void sendIvfSendsEveryFrameOfTheFile() throws Exception {
        Path file = Path.of(ExamplesTest.class
                .getResource("/media/testsrc-160x120-60frames.vp8.ivf")
                .toURI());
        BlockingQueue<EncodedVideoFrame> frames = new LinkedBlockingQueue<>();
        other.onVideoTrack(track -> track.onFrame(frames::add));
        start(SendIvf.class, file.toString());
        SendIvf.Ivf expected = SendIvf.Ivf.read(file);
        long first = -1;
        for (int i = 0; expected.frames().hasRemaining(); i++) {
            EncodedVideoFrame frame = frames.poll(20, SECONDS);
            assertThat(frame).as("frame %d", i).isNotNull();
            ByteBuffer data = expected.nextFrame();
            assertThat(frame.data()).as("frame %d", i).isEqualTo(data);
            assertThat(frame.keyframe()).as("frame %d", i).isEqualTo(i % 30 == 0);
            first = i == 0 ? frame.rtpTimestamp() : first;
            assertThat((frame.rtpTimestamp() - first) & 0xFFFF_FFFFL)
                    .as("time of frame %d", i)
                    .isBetween(i * 3000L - 2, i * 3000L + 2);
        }
        endsWell();
    }

    @ParameterizedTest
    @ValueSource(classes = {Connect.class, HelloDataChannel.class, SendIvf.class})
    void thePageShowsTheSourceAsItIs(Class<?> program) throws IOException {
        String source = Files.readString(
                ROOT.resolve("transport/src/test/java/" + program.getName().replace('.', '/') + ".java"));
        assertThat(Files.readString(ROOT.resolve("docs/examples.md"))).contains("```java\n" + source + "```\n");
    }
}
