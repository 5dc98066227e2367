package dev.nearhand.transport.interop.matrix;

import dev.nearhand.transport.api.ConnectionState;
import dev.nearhand.transport.api.DataChannel;
import dev.nearhand.transport.api.DataChannelMessage;
import dev.nearhand.transport.api.EncodedVideoFrame;
import dev.nearhand.transport.api.IceCandidate;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.RemoteVideoTrack;
import dev.nearhand.transport.api.SessionDescription;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Our side of one connection of the matrix: a channel `main` for words, a channel for each transfer, one track of
/// video.
final class Ours implements AutoCloseable {
    private static final String MAIN = "main";

    private final String mainLabel;
    private final PeerConnection connection;
    private final CompletableFuture<DataChannel> main = new CompletableFuture<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final BlockingQueue<String> words = new LinkedBlockingQueue<>();
    private final BlockingQueue<EncodedVideoFrame> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<RemoteVideoTrack> track = new CompletableFuture<>();
    private final Map<String, CompletableFuture<Bulk.Collector>> transfers = new ConcurrentHashMap<>();
    private final StringBuffer states = new StringBuffer();

    Ours(PeerConfig config) {
        this(config, MAIN);
    }

    /// @param mainLabel of the channel for words
    Ours(PeerConfig config, String mainLabel) {
        this.mainLabel = mainLabel;
        connection = PeerConnection.create(config);
        connection.onStateChange(this::stateChanged);
        connection.onDataChannel(channel -> {
            if (channel.label().equals(mainLabel)) {
                useMain(channel);
            } else {
                transfer(channel.label()).complete(new Bulk.Collector(channel));
            }
        });
        connection.onVideoTrack(remote -> {
            remote.onFrame(frames::add);
            track.complete(remote);
        });
    }

    private void stateChanged(ConnectionState state, String reason) {
        if (Boolean.getBoolean("interop.trace")) {
            System.err.println("ours: " + state + " (" + reason + ")");
        }
        states.append(states.isEmpty() ? "" : ", ")
                .append(state)
                .append(" (")
                .append(reason)
                .append(')');
        if (state == ConnectionState.CLOSED || state == ConnectionState.FAILED) {
            closed.complete(reason);
        }
    }

    private void useMain(DataChannel channel) {
        channel.onMessage(this::heard);
        channel.onOpen(() -> main.complete(channel));
        channel.onClose(() -> closed.complete("the channel is closed"));
    }

    private void heard(DataChannelMessage message) {
        words.add(message.text());
    }

    private CompletableFuture<Bulk.Collector> transfer(String label) {
        return transfers.computeIfAbsent(label, _ -> new CompletableFuture<>());
    }

    PeerConnection connection() {
        return connection;
    }

    /// The side that offers opens the main channel.
    void openMain() {
        useMain(connection.createDataChannel(mainLabel));
    }

    SessionDescription offer() {
        return within(Peer.PATIENCE, "our offer", connection.offerAsync());
    }

    SessionDescription answer(String offer) {
        return within(Peer.PATIENCE, "our answer", connection.answerAsync(SessionDescription.offer(offer)));
    }

    void onCandidate(Consumer<IceCandidate> callback) {
        connection.onIceCandidate(callback);
    }

    void awaitOpen() {
        within(Peer.PATIENCE, "our open channel", main);
    }

    /// Says something on the main channel and waits for the answer, which every driver gives.
    void ping(String word) {
        ask("ping " + word, ("pong " + word)::equals);
    }

    /// Says something on the main channel and waits for what is wanted.
    void ask(String words, Predicate<String> wanted) {
        within(Peer.PATIENCE, "our open channel", main).send(words);
        long deadline = System.nanoTime() + Peer.PATIENCE.toNanos();
        try {
            while (true) {
                String heard = this.words.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (heard == null) {
                    throw new StepException("no answer to a message, " + states);
                }
                if (wanted.test(heard)) {
                    return;
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new StepException("interrupted");
        }
    }

    void sendBulk(String label, Reliability reliability) {
        Bulk.send(opened(label, reliability));
    }

    /// Sends a transfer to a program that sends everything back on the same channel.
    Bulk.Collector echoedBulk(String label, Reliability reliability) {
        DataChannel channel = opened(label, reliability);
        Bulk.Collector collector = new Bulk.Collector(channel);
        Bulk.send(channel);
        return collector;
    }

    private DataChannel opened(String label, Reliability reliability) {
        DataChannel channel = connection.createDataChannel(label, reliability.options());
        CompletableFuture<DataChannel> open = new CompletableFuture<>();
        channel.onOpen(() -> open.complete(channel));
        return within(Peer.PATIENCE, "our channel " + label, open);
    }

    /// The transfer that the other side sends on a channel with that label.
    Bulk.Collector incoming(String label) {
        return within(Peer.PATIENCE, "their channel " + label, transfer(label));
    }

    EncodedVideoFrame nextFrame() {
        try {
            EncodedVideoFrame frame = frames.poll(Peer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (frame == null) {
                throw new StepException(
                        "no frame comes, " + (track.isDone() ? "though a track does" : "and no track") + ", " + states);
            }
            return frame;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new StepException("interrupted");
        }
    }

    void awaitClosed(Duration patience) {
        within(patience, "that the other side closed", closed);
    }

    private <T> T within(Duration patience, String what, CompletableFuture<T> future) {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new StepException("we do not see " + what + "; ours: " + states);
        } catch (ExecutionException failure) {
            throw new StepException(what + ": " + failure.getCause());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new StepException("interrupted");
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
