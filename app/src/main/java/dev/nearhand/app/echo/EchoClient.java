package dev.nearhand.app.echo;

import dev.nearhand.transport.api.ConnectionState;
import dev.nearhand.transport.api.DataChannel;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.SessionDescription;
import dev.nearhand.transport.api.TransportException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Tries a server of the echo protocol.
public final class EchoClient {
    /// What is tried.
    public enum Test {
        /// The connection comes about.
        PEER_CONNECTION,
        /// A word sent over a data channel comes back.
        DATA_CHANNEL
    }

    private final URI address;
    private final PeerConfig config;
    private final Duration patience;

    /// @param address where offers are posted to
    /// @param patience for each step
    public EchoClient(URI address, PeerConfig config, Duration patience) {
        this.address = address;
        this.config = config;
        this.patience = patience;
    }

    /// Returns when the test has passed.
    ///
    /// @throws EchoException when it has not, with a sentence that says at which step
    public void run(Test test) throws InterruptedException {
        try (PeerConnection connection = PeerConnection.create(config)) {
            CompletableFuture<String> connected = new CompletableFuture<>();
            connection.onStateChange((state, reason) -> {
                if (state == ConnectionState.CONNECTED) {
                    connected.complete(reason);
                } else if (state == ConnectionState.FAILED || state == ConnectionState.CLOSED) {
                    connected.completeExceptionally(new EchoException("The connection has ended: " + reason + "."));
                }
            });
            String word = "nearhand " + UUID.randomUUID();
            CompletableFuture<String> echo = new CompletableFuture<>();
            DataChannel channel = connection.createDataChannel("echo");
            channel.onOpen(() -> channel.send(word));
            channel.onMessage(message -> echo.complete(message.text()));

            SessionDescription offer = within("No offer could be made.", connection.offerAsync());
            connection.setRemoteDescription(SessionDescription.answer(post(offer.sdp())));
            within("The connection does not come about.", connected);
            if (test == Test.DATA_CHANNEL
                    && !within("Nothing comes back over the data channel.", echo)
                            .equals(word)) {
                throw new EchoException("What comes back over the data channel is not what was sent.");
            }
        } catch (TransportException failure) {
            throw new EchoException("The answer cannot be used: " + failure.getMessage() + ".");
        }
    }

    private String post(String offer) throws InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(address)
                    .timeout(patience)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(WireDescription.write("offer", offer)))
                    .build();
            HttpResponse<String> response = http.send(
                    request,
                    HttpResponse.BodyHandlers.limiting(
                            HttpResponse.BodyHandlers.ofString(), WireDescription.MAX_BYTES));
            if (response.statusCode() != 200) {
                throw new EchoException("The server refuses the offer with status " + response.statusCode() + ".");
            }
            return WireDescription.read("answer", response.body());
        } catch (IOException failure) {
            throw new EchoException("The server does not answer; check its address.");
        } catch (IllegalArgumentException bad) {
            throw new EchoException("The server sends no answer, but something else: " + bad.getMessage() + ".");
        }
    }

    private <T> T within(String otherwise, CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new EchoException(otherwise);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof EchoException known ? known : new EchoException(otherwise);
        }
    }
}
