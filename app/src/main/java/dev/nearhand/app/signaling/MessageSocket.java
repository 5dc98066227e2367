package dev.nearhand.app.signaling;

import dev.nearhand.app.json.Decoded;
import dev.nearhand.app.json.RecordCodec;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A WebSocket to a host or to a rendezvous, which carries messages of one kind. Any thread; nothing waits.
///
/// @param <T> the sealed type of the messages
public final class MessageSocket<T> implements AutoCloseable {
    /// How long a person waits for an answer.
    public static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    /// What comes from there, on threads of the socket, one at a time.
    ///
    /// @param <T> the sealed type of the messages
    public interface Events<T> {
        /// The WebSocket stands; [MessageSocket#send] works from now on.
        void onOpen();

        void onMessage(T message);

        /// Something has come: a message, or a sign of life.
        default void onHeard() {}

        /// It is over.
        ///
        /// @param reason a sentence for a person, with what to try
        void onClosed(String reason);
    }

    private final Endpoint endpoint;
    private final RecordCodec<T> codec;
    private final Duration connectLimit;
    private final Events<T> events;
    private final HttpClient client;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable WebSocket socket;
    private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);

    private MessageSocket(Endpoint endpoint, RecordCodec<T> codec, Duration connectLimit, Events<T> events) {
        this.endpoint = endpoint;
        this.codec = codec;
        this.connectLimit = connectLimit;
        this.events = events;
        this.client = HttpClient.newBuilder()
                // a proxy of the outside world knows no machine next door
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(connectLimit)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /// Begins to connect; everything else comes through `events`.
    ///
    /// @param connectLimit how long nothing may answer
    public static <T> MessageSocket<T> connect(
            Endpoint endpoint, RecordCodec<T> codec, Duration connectLimit, Events<T> events) {
        MessageSocket<T> socket = new MessageSocket<>(endpoint, codec, connectLimit, events);
        socket.open();
        return socket;
    }

    private void open() {
        client.newWebSocketBuilder()
                .connectTimeout(connectLimit)
                .buildAsync(endpoint.uri(), new Incoming())
                .whenComplete((opened, failure) -> {
                    if (failure != null) {
                        end(sentence(failure));
                    } else if (over.get()) {
                        opened.abort();
                    }
                });
    }

    public synchronized void send(T message) {
        WebSocket open = socket;
        if (open != null) {
            String text = codec.encode(message);
            // the JDK's WebSocket takes one message at a time
            sent = sent.handle((_, _) -> null).thenCompose(_ -> open.sendText(text, true));
        }
    }

    /// Asks for a sign of life, which comes as [Events#onHeard].
    public synchronized void ping() {
        WebSocket open = socket;
        if (open != null) {
            sent = sent.handle((_, _) -> null).thenCompose(_ -> open.sendPing(ByteBuffer.allocate(0)));
        }
    }

    /// No event comes afterwards. What was sent before still leaves.
    @Override
    public void close() {
        over.set(true);
        WebSocket open = socket;
        if (open != null) {
            synchronized (this) {
                sent = sent.handle((_, _) -> null)
                        .thenCompose(_ -> open.sendClose(WebSocket.NORMAL_CLOSURE, ""))
                        .whenComplete((_, _) -> client.shutdown());
            }
        } else {
            client.shutdownNow();
        }
    }

    private void end(String reason) {
        if (over.compareAndSet(false, true)) {
            events.onClosed(reason);
        }
        client.shutdown();
    }

    private String sentence(Throwable failure) {
        String shown = endpoint.shown();
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (cause) {
            case HttpTimeoutException _ ->
                "Nothing has answered at " + shown + " for " + connectLimit.toSeconds()
                        + " s; check the address, and that no firewall blocks it.";
            case ConnectException refused
            when refused.getCause() instanceof UnresolvedAddressException ->
                "There is no machine named " + endpoint.host() + "; check the address.";
            case ConnectException _ ->
                "Nothing listens at " + shown + "; check the address, and that the screen there is still shared.";
            case WebSocketHandshakeException _ -> "What listens at " + shown + " is not Nearhand; check the port.";
            case IOException _ -> "The connection to " + shown + " broke off; try again.";
            default -> "Connecting to " + shown + " has failed; check the address.";
        };
    }

    private final class Incoming implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void onOpen(WebSocket opened) {
            socket = opened;
            opened.request(1);
            if (!over.get()) {
                events.onOpen();
            }
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (text.length() > codec.limitBytes()) {
                from.abort();
                end("What came from " + endpoint.shown() + " is too large to be Nearhand's; check the port.");
                return null;
            }
            if (last) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
                text.setLength(0);
                receive(bytes);
            }
            from.request(1);
            return null;
        }

        private void receive(ByteBuffer bytes) {
            if (over.get()) {
                return;
            }
            events.onHeard();
            switch (codec.decode(bytes)) {
                case Decoded.Message<T>(T message) -> events.onMessage(message);
                case Decoded.Unknown<T> _ -> {}
                case Decoded.Malformed<T> _ ->
                    end("What came from " + endpoint.shown() + " is not Nearhand's; check the port.");
            }
        }

        @Override
        public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
            events.onHeard(); // the answer is the JDK's
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
            events.onHeard();
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            end("The other machine has closed the connection; ask for a new code and try again.");
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            end(sentence(failure));
        }
    }
}
