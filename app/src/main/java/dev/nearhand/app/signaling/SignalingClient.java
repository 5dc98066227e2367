package dev.nearhand.app.signaling;

import dev.nearhand.app.json.Decoded;
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

/// The viewer's WebSocket to a host. Any thread; nothing waits.
public final class SignalingClient implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    /// What comes from the host, on threads of the client, one at a time.
    public interface Events {
        /// The WebSocket stands; [SignalingClient#send] works from now on.
        void onOpen();

        void onMessage(SignalMessage message);

        /// It is over.
        ///
        /// @param reason a sentence for a person, with what to try
        void onClosed(String reason);
    }

    private final HostAddress address;
    private final Events events;
    private final HttpClient client = HttpClient.newBuilder()
            // a proxy of the outside world knows no machine next door
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(CONNECT_LIMIT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable WebSocket socket;
    private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);

    private SignalingClient(HostAddress address, Events events) {
        this.address = address;
        this.events = events;
    }

    public static SignalingClient connect(HostAddress address, Events events) {
        SignalingClient client = new SignalingClient(address, events);
        client.open();
        return client;
    }

    private void open() {
        client.newWebSocketBuilder()
                .connectTimeout(CONNECT_LIMIT)
                .buildAsync(address.uri(Door.PATH), new Incoming())
                .whenComplete((opened, failure) -> {
                    if (failure != null) {
                        end(sentence(failure));
                    } else if (over.get()) {
                        opened.abort();
                    }
                });
    }

    public synchronized void send(SignalMessage message) {
        WebSocket open = socket;
        if (open != null) {
            String text = SignalMessage.CODEC.encode(message);
            // the JDK's WebSocket takes one message at a time
            sent = sent.handle((_, _) -> null).thenCompose(_ -> open.sendText(text, true));
        }
    }

    /// No event comes afterwards.
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
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (cause) {
            case HttpTimeoutException _ ->
                "Nothing has answered at " + address + " for " + CONNECT_LIMIT.toSeconds()
                        + " s; check the address, and that no firewall blocks it.";
            case ConnectException refused
            when refused.getCause() instanceof UnresolvedAddressException ->
                "There is no machine named " + address.host() + "; check the address.";
            case ConnectException _ ->
                "Nothing listens at " + address + "; check the address, and that the screen there is still shared.";
            case WebSocketHandshakeException _ -> "What listens at " + address + " is not Nearhand; check the port.";
            case IOException _ -> "The connection to " + address + " broke off; try again.";
            default -> "Connecting to " + address + " has failed; check the address.";
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
            if (text.length() > SignalMessage.LIMIT_BYTES) {
                from.abort();
                end("What came from " + address + " is too large to be Nearhand's; check the port.");
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
            switch (SignalMessage.CODEC.decode(bytes)) {
                case Decoded.Message<SignalMessage>(SignalMessage message) -> events.onMessage(message);
                case Decoded.Unknown<SignalMessage> _ -> {}
                case Decoded.Malformed<SignalMessage> _ ->
                    end("What came from " + address + " is not Nearhand's; check the port.");
            }
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
