package dev.nearhand.app.peer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nearhand.transport.api.ConnectionState;
import dev.nearhand.transport.api.DataChannel;
import dev.nearhand.transport.api.DataChannelOptions;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.SessionDescription;
import dev.nearhand.transport.api.TransportException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One connection of the program, by the name the driver gave it. Its methods are called by the thread that reads the
/// commands; its callbacks run on the connection's loop.
final class PeerEnd {
    /// What all connections of a program count together.
    ///
    /// @param channels that the other side opened
    /// @param pings sent back
    record Counters(AtomicLong channels, AtomicLong pings) {}

    private final String pc;
    private final Lines lines;
    private final ScheduledExecutorService timers;
    private final Counters counters;
    private final PeerConnection connection;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final String cmd;
    private final long startNanos = System.nanoTime();
    private volatile long acceptNanos;
    private volatile @Nullable DataChannel main;

    /// @param cmd what made it, for its failures
    PeerEnd(String pc, String cmd, Lines lines, ScheduledExecutorService timers, Counters counters) {
        this.pc = pc;
        this.cmd = cmd;
        this.lines = lines;
        this.timers = timers;
        this.counters = counters;
        this.connection = PeerConnection.create(PeerConfig.defaults());
        connection.onStateChange(this::stateChanged);
        connection.onDataChannel(this::incoming);
    }

    private void stateChanged(ConnectionState state, String reason) {
        if (state == ConnectionState.FAILED) {
            lines.failure(pc, cmd, "the connection failed: " + reason);
        }
        if (state == ConnectionState.CLOSED) {
            closed.countDown();
        }
    }

    ObjectNode offer() {
        DataChannel channel = connection.createDataChannel("main");
        channel.onOpen(() -> {
            long now = System.nanoTime();
            main = channel;
            lines.event(
                    "open",
                    pc,
                    Lines.object()
                            .put("side", "offer")
                            .put("ms", Lines.millis(now - startNanos))
                            .put("sinceAccept", Lines.millis(now - acceptNanos)));
        });
        SessionDescription offer = connection.createOffer();
        connection.setLocalDescription(offer);
        return described(offer);
    }

    void accept(String sdp) throws BadRequest {
        if (!cmd.equals("offer")) {
            throw new BadRequest("pc " + pc + " has made no offer");
        }
        acceptNanos = System.nanoTime();
        connection.setRemoteDescription(SessionDescription.answer(sdp));
    }

    ObjectNode answer(String sdp) {
        connection.setRemoteDescription(SessionDescription.offer(sdp));
        SessionDescription answer = connection.createAnswer();
        connection.setLocalDescription(answer);
        return described(answer);
    }

    private ObjectNode described(SessionDescription description) {
        return Lines.object()
                .put("sdp", description.sdp())
                .put("gatherMs", Lines.millis(System.nanoTime() - startNanos));
    }

    private void incoming(DataChannel channel) {
        counters.channels.incrementAndGet();
        switch (channel.label()) {
            case "main" ->
                channel.onOpen(() -> {
                    main = channel;
                    lines.event("open", pc, Lines.object().put("side", "answer"));
                });
            case "ping" -> echo(channel);
            default ->
                BulkLabel.parse(channel.label())
                        .ifPresentOrElse(
                                label -> new BulkReceiver(label, lines, pc, timers).start(channel),
                                () -> channel.onMessage(_ -> {}));
        }
    }

    private void echo(DataChannel channel) {
        channel.redundant(channel.options().protocol().equals(PingRun.REDUNDANT));
        channel.onMessage(message -> {
            try {
                channel.send(message.data());
                counters.pings.incrementAndGet();
            } catch (TransportException late) {
                // it was closed meanwhile, and nobody waits for the echo
            }
        });
    }

    void send(BulkLabel label, long count, int size, boolean isOrdered) throws BadRequest {
        requireOpen();
        DataChannelOptions options = DataChannelOptions.reliable().withOrdered(isOrdered);
        new BulkSender(connection.createDataChannel(label.text(), options), label, count, size, lines, pc).start();
    }

    void ping(PingRun.Plan plan) throws BadRequest {
        requireOpen();
        new PingRun(plan, connection.createDataChannel("ping", plan.options()), lines, pc).start();
    }

    void channels(int count, int batch) throws BadRequest {
        new ChannelBatches(connection, requireOpen(), count, batch, lines, pc).start();
    }

    private DataChannel requireOpen() throws BadRequest {
        DataChannel channel = main;
        if (channel == null || !channel.isOpen()) {
            throw new BadRequest("pc " + pc + " is not open");
        }
        return channel;
    }

    void close() {
        connection.close();
    }

    /// Reached once the goodbye has been said.
    CountDownLatch closed() {
        return closed;
    }
}
