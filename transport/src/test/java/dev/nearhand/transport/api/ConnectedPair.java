package dev.nearhand.transport.api;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/// Two connections in this process that talk over real sockets.
final class ConnectedPair implements AutoCloseable {
    /// Long, because build machines are slow and shared; nothing waits for it when all is well.
    static final long PATIENCE_SECONDS = 60;

    final PeerConnection offerer;
    final PeerConnection answerer;
    final List<String> offererStates = Collections.synchronizedList(new ArrayList<>());
    final List<String> answererStates = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<Void> offererConnected = new CompletableFuture<>();
    private final CompletableFuture<Void> answererConnected = new CompletableFuture<>();
    final CompletableFuture<String> offererClosed = new CompletableFuture<>();
    final CompletableFuture<String> answererClosed = new CompletableFuture<>();

    ConnectedPair() {
        this(PeerConfig.defaults().withLoopback(true));
    }

    ConnectedPair(PeerConfig config) {
        offerer = PeerConnection.create(config);
        answerer = PeerConnection.create(config);
        follow(offerer, offererStates, offererConnected, offererClosed);
        follow(answerer, answererStates, answererConnected, answererClosed);
    }

    private static void follow(
            PeerConnection connection,
            List<String> states,
            CompletableFuture<Void> connected,
            CompletableFuture<String> closed) {
        connection.onStateChange((state, reason) -> {
            states.add(state + ": " + reason);
            switch (state) {
                case CONNECTED -> connected.complete(null);
                case CLOSED, FAILED -> {
                    connected.completeExceptionally(new IllegalStateException(reason));
                    closed.complete(reason);
                }
                case NEW, CONNECTING, DISCONNECTED -> {}
            }
        });
    }

    void negotiate() {
        negotiate(offerer, answerer);
    }

    static void negotiate(PeerConnection offerer, PeerConnection answerer) {
        SessionDescription offer = offerer.createOffer();
        offerer.setLocalDescription(offer);
        answerer.setRemoteDescription(offer);
        SessionDescription answer = answerer.createAnswer();
        answerer.setLocalDescription(answer);
        offerer.setRemoteDescription(answer);
    }

    ConnectedPair connect() {
        negotiate();
        awaitConnected();
        return this;
    }

    void awaitConnected() {
        await(offererConnected);
        await(answererConnected);
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException failure) {
            throw new AssertionError("waited in vain", failure);
        }
    }

    /// Opens a channel on the offerer's side; answers both ends.
    Ends open(String label, DataChannelOptions options) {
        CompletableFuture<DataChannel> remote = new CompletableFuture<>();
        answerer.onDataChannel(remote::complete);
        DataChannel local = offerer.createDataChannel(label, options);
        CompletableFuture<Void> opened = new CompletableFuture<>();
        local.onOpen(() -> opened.complete(null));
        if (offerer.state() == ConnectionState.NEW) {
            connect();
        }
        await(opened);
        return new Ends(local, await(remote));
    }

    record Ends(DataChannel offerers, DataChannel answerers) {}

    @Override
    public void close() {
        offerer.close();
        answerer.close();
        await(offererClosed);
        await(answererClosed);
    }
}
