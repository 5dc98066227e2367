package dev.nearhand.testing.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nearhand.testing.Requires;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A page in a Chromium without a window, driven over the DevTools protocol. Besides the echo it shows the video track
/// it receives, and tells the colours of a decoded frame.
public final class ChromiumPeer implements ForeignPeer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LISTENING = "DevTools listening on ";

    /// A picture as the page sees it.
    public record Frame(int width, int height, List<int[]> pixels) {}

    /// A whole picture as the page sees it.
    ///
    /// @param rgba four bytes a pixel, rows from the top without gaps; empty before anything is shown
    public record Picture(int width, int height, byte[] rgba) {}

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Log log;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
    private final String session;
    private int lastId;

    /// @param folder for its profile; must be empty
    public ChromiumPeer(Path folder) {
        Path chromium = Requires.tool("chromium", "chromium");
        ProcessBuilder builder = new ProcessBuilder(
                chromium.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--autoplay-policy=no-user-gesture-required",
                // host candidates with addresses: nobody resolves .local names here
                "--disable-features=WebRtcHideLocalIpsWithMdns",
                "--remote-debugging-port=0",
                "--user-data-dir=" + folder,
                "about:blank");
        // its lock socket lies there; a test leaves nothing behind
        builder.environment().put("TMPDIR", folder.toString());
        try {
            process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        log = new Log(process.errorReader(StandardCharsets.UTF_8), line -> line.startsWith(LISTENING));
        try {
            URI address = URI.create(await(log.wantedLine()).substring(LISTENING.length()));
            socket = await(http.newWebSocketBuilder().buildAsync(address, new Replies()));
            String target = call("Target.createTarget", Map.of("url", "about:blank"), "")
                    .get("targetId")
                    .asText();
            session = call("Target.attachToTarget", Map.of("targetId", target, "flatten", true), "")
                    .get("sessionId")
                    .asText();
            evaluate(page());
        } catch (RuntimeException failure) {
            Log.end(process);
            throw failure;
        }
    }

    private static String page() {
        try (InputStream in = ChromiumPeer.class.getResourceAsStream("chromium.js")) {
            return new String(Objects.requireNonNull(in, "chromium.js").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private final class Replies implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                complete(message.toString());
                message.setLength(0);
            }
            webSocket.request(1);
            return null;
        }
    }

    private void complete(String message) {
        try {
            JsonNode reply = JSON.readTree(message);
            CompletableFuture<JsonNode> waiting =
                    pending.remove(reply.path("id").asInt());
            if (waiting != null) {
                waiting.complete(reply);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private JsonNode call(String method, Map<String, Object> parameters, String inSession) {
        int id = ++lastId;
        CompletableFuture<JsonNode> reply = new CompletableFuture<>();
        pending.put(id, reply);
        Map<String, Object> command = inSession.isEmpty()
                ? Map.of("id", id, "method", method, "params", parameters)
                : Map.of("id", id, "method", method, "params", parameters, "sessionId", inSession);
        try {
            await(socket.sendText(JSON.writeValueAsString(command), true));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        JsonNode answer = await(reply);
        if (answer.hasNonNull("error")) {
            throw new IllegalStateException(method + ": " + answer.get("error"));
        }
        return answer.get("result");
    }

    private String evaluate(String expression) {
        JsonNode result = call(
                "Runtime.evaluate",
                Map.of("expression", expression, "awaitPromise", true, "returnByValue", true),
                session);
        if (result.hasNonNull("exceptionDetails")) {
            throw new IllegalStateException("in the page: " + result.get("exceptionDetails"));
        }
        return result.path("result").path("value").asText();
    }

    private String ask(String function, Object argument) {
        try {
            return evaluate("peer." + function + "(" + JSON.writeValueAsString(argument) + ")");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Override
    public String offer() {
        return ask("offer", "");
    }

    /// Makes an offer that restarts ICE; [#accept] takes the answer.
    public String restart() {
        return ask("restart", "");
    }

    @Override
    public void accept(String answer) {
        ask("accept", answer);
    }

    @Override
    public String answer(String offer) {
        return ask("answer", offer);
    }

    /// Asks for one video track in the next offer.
    public void wantVideo() {
        ask("wantVideo", "");
    }

    /// Offers a video track of its own: a picture of 320 by 240 that changes all the time.
    public void sendVideo() {
        ask("sendVideo", "");
    }

    /// The same in one codec only.
    ///
    /// @param mimeType `video/VP9` and the like
    /// @return whether this browser can encode it
    public boolean sendVideo(String mimeType) {
        return ask("sendVideo", mimeType).isEmpty();
    }

    /// Offers a tone.
    public void sendAudio() {
        ask("sendAudio", "");
    }

    /// Waits until the statistics about a received track of that kind tell at least that value.
    ///
    /// @param name of an `RTCInboundRtpStreamStats` member: `framesDecoded`, `packetsReceived` …
    public void awaitReceived(String kind, String name, int least) {
        ask("received", Map.of("kind", kind, "name", name, "least", least));
    }

    /// The next frame that is shown, at points that are each 0 to 1 from the left and from the top.
    public Frame frame(List<List<Double>> points) {
        try {
            return JSON.readValue(ask("frame", points), Frame.class);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// What is shown at this moment, which on a still screen is the last frame that came.
    public Picture picture() {
        try {
            JsonNode shown = JSON.readTree(ask("picture", ""));
            return new Picture(
                    shown.get("width").asInt(),
                    shown.get("height").asInt(),
                    Base64.getDecoder().decode(shown.get("rgba").asText()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public String log() {
        return "connection: " + ask("state", "") + "\n" + log.text();
    }

    @Override
    public void close() {
        try {
            call("Browser.close", Map.of(), "");
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (RuntimeException gone) {
            // it ends below in any case
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        Log.end(process);
        http.shutdownNow(); // close() would wait for a WebSocket whose other end may be gone without a word
    }
}
