package dev.nearhand.testing.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Calls to a browser over its WebSocket: the DevTools protocol and WebDriver BiDi frame them alike. Any thread may
/// call.
final class PageSocket {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Integer, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
    private final AtomicInteger lastId = new AtomicInteger();
    private final WebSocket socket;

    PageSocket(URI address) {
        socket = await(http.newWebSocketBuilder().buildAsync(address, new Replies()));
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

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            ended();
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            ended();
        }
    }

    private void ended() {
        pending.values()
                .forEach(reply -> reply.completeExceptionally(new IllegalStateException("the browser has ended")));
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

    /// @param more members of the message beside `id`, `method` and `params`
    /// @param limit whether there is a limit to the time that it may take
    /// @return the member `result` of the reply
    JsonNode call(String method, Map<String, ?> parameters, Map<String, ?> more, boolean limit) {
        int id = lastId.incrementAndGet();
        CompletableFuture<JsonNode> reply = new CompletableFuture<>();
        pending.put(id, reply);
        Map<String, Object> command = new HashMap<>(more);
        command.putAll(Map.of("id", id, "method", method, "params", parameters));
        try {
            send(JSON.writeValueAsString(command));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        JsonNode answer = limit ? await(reply) : reply.join();
        if (answer.hasNonNull("error")) {
            throw new IllegalStateException(method + ": " + answer);
        }
        return answer.get("result");
    }

    /// One after the other, as a WebSocket wants it.
    private synchronized void send(String message) {
        await(socket.sendText(message, true));
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.orTimeout(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException failure) {
            throw new IllegalStateException("the browser does not answer: " + failure.getCause(), failure.getCause());
        }
    }

    void close() {
        ended();
        http.shutdownNow(); // close() would wait for a WebSocket whose other end may be gone without a word
    }
}
