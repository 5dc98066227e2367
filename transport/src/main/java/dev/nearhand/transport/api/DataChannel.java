package dev.nearhand.transport.api;

import dev.nearhand.transport.peer.PeerCore;
import dev.nearhand.transport.sctp.SendResult;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A channel of messages between the two programs (RFC 8831).
///
/// Methods may be called from any thread; callbacks run on the connection's loop. Messages that arrive before
/// [#onMessage] was set wait for it.
public final class DataChannel implements AutoCloseable {
    /// How much may wait for [#onMessage] to be set; a channel that holds more is closed.
    static final long EARLY_LIMIT_BYTES = 64 << 20;

    /// What such a message counts beside its bytes, so that empty ones are bounded too.
    static final int EARLY_MESSAGE_BYTES = 128;

    private enum State {
        CONNECTING,
        OPEN,
        CLOSING,
        CLOSED
    }

    private record Outgoing(boolean isText, ByteBuffer data) {}

    private static final Logger LOG = LoggerFactory.getLogger(DataChannel.class);

    private final PeerConnection connection;
    private final int handle;
    private final String label;
    private final DataChannelOptions options;
    private final AtomicLong pendingBytes = new AtomicLong();
    private volatile State state = State.CONNECTING;
    private volatile long coreBytes;
    private volatile long lowThreshold;
    private volatile @Nullable Runnable lowCallback;
    private volatile long maxMessageBytes = Long.MAX_VALUE;

    // on the loop only, from here on
    private final Deque<Outgoing> outbox = new ArrayDeque<>();
    private final Deque<DataChannelMessage> early = new ArrayDeque<>();
    private long earlyBytes;
    private boolean wasAbove;
    private @Nullable Runnable openCallback;
    private @Nullable Runnable closeCallback;
    private @Nullable Consumer<DataChannelMessage> messageCallback;

    DataChannel(PeerConnection connection, int handle, String label, DataChannelOptions options) {
        this.connection = connection;
        this.handle = handle;
        this.label = label;
        this.options = options;
    }

    public String label() {
        return label;
    }

    public DataChannelOptions options() {
        return options;
    }

    public boolean isOpen() {
        return state == State.OPEN;
    }

    /// Runs `callback` once the channel is open; at once when it is open already.
    public void onOpen(Runnable callback) {
        connection.onLoop(() -> {
            if (state == State.OPEN) {
                callback.run();
            } else {
                openCallback = callback;
            }
        });
    }

    public void onMessage(Consumer<DataChannelMessage> callback) {
        connection.onLoop(() -> {
            messageCallback = callback;
            earlyBytes = 0;
            for (DataChannelMessage message = early.poll(); message != null; message = early.poll()) {
                callback.accept(message);
            }
        });
    }

    /// Runs `callback` once the channel is closed, by whichever side or with the connection; at once when it is.
    public void onClose(Runnable callback) {
        connection.onLoop(() -> {
            if (state == State.CLOSED) {
                callback.run();
            } else {
                closeCallback = callback;
            }
        });
    }

    /// Sends text. Copies it; does not wait.
    ///
    /// @throws TransportException when the channel is not open, the message is too large or too much waits already
    public void send(String text) {
        send(new Outgoing(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
    }

    /// Sends the remaining bytes of `data`, whose position stays. Copies them; does not wait.
    ///
    /// @throws TransportException when the channel is not open, the message is too large or too much waits already
    public void send(ByteBuffer data) {
        ByteBuffer copy = ByteBuffer.allocate(data.remaining());
        copy.put(data.duplicate()).flip();
        send(new Outgoing(false, copy));
    }

    private void send(Outgoing message) {
        int size = message.data().remaining();
        if (state != State.OPEN) {
            throw new TransportException(
                    TransportException.Code.CLOSED,
                    state == State.CONNECTING
                            ? "the data channel is not open yet; send from onOpen on"
                            : "the data channel is closed");
        }
        if (size > maxMessageBytes) {
            throw new TransportException(
                    TransportException.Code.MESSAGE_TOO_LARGE,
                    "the other side takes messages of at most " + maxMessageBytes + " bytes, not " + size);
        }
        if (bufferedAmount() + size > connection.config().maxBufferedBytes()) {
            throw new TransportException(
                    TransportException.Code.SEND_BUFFER_FULL,
                    "too much waits to be sent on this data channel; go on from onBufferedAmountLow");
        }
        pendingBytes.addAndGet(size);
        connection.change((core, now) -> {
            outbox.add(message);
            // here, because it may all be gone before anybody looks again
            wasAbove |= bufferedAmount() > lowThreshold;
            flush(core, now);
            connection.watch(this);
        });
    }

    /// How many bytes of messages have been given to `send` and not yet to the network.
    public long bufferedAmount() {
        return coreBytes + pendingBytes.get();
    }

    /// At which [#bufferedAmount], coming down, [#onBufferedAmountLow] runs; 0 unless set.
    public void bufferedAmountLowThreshold(long bytes) {
        lowThreshold = bytes;
    }

    public void onBufferedAmountLow(Runnable callback) {
        lowCallback = callback;
    }

    /// Whether what is sent from now on is [redundant][DataChannelOptions#redundant], also on a channel that the other
    /// side opened; [#options] stays as it was.
    public void redundant(boolean redundant) {
        connection.change((core, _) -> core.channels().setRedundant(handle, redundant));
    }

    /// Sends what is buffered, then closes the channel; [#onClose] runs when that is done.
    @Override
    public void close() {
        connection.change((core, now) -> {
            if (state == State.OPEN || state == State.CONNECTING) {
                state = State.CLOSING;
                closeWhenSent(core, now);
            }
        });
    }

    private void closeWhenSent(PeerCore core, long now) {
        if (outbox.isEmpty()) {
            core.channels().close(now, handle);
        }
    }

    // --- the connection calls these, on the loop

    int handle() {
        return handle;
    }

    void opened(long remoteMaxMessageBytes) {
        maxMessageBytes = remoteMaxMessageBytes;
        if (state == State.CONNECTING) {
            state = State.OPEN;
            if (openCallback != null) {
                openCallback.run();
            }
        }
    }

    void received(DataChannelMessage message) {
        if (messageCallback != null) {
            messageCallback.accept(message);
            return;
        }
        if (earlyBytes > EARLY_LIMIT_BYTES) {
            return; // it is being closed
        }
        earlyBytes += message.data().remaining() + EARLY_MESSAGE_BYTES;
        if (earlyBytes > EARLY_LIMIT_BYTES) {
            LOG.warn("a data channel is closed: nobody takes its messages");
            early.clear();
            close();
        } else {
            early.add(message);
        }
    }

    void closing() {
        if (state != State.CLOSED) {
            state = State.CLOSING;
        }
    }

    void closed() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        outbox.clear();
        pendingBytes.set(0);
        coreBytes = 0;
        if (closeCallback != null) {
            closeCallback.run();
        }
    }

    /// Hands over what the core takes; the rest waits for its buffer.
    private void flush(PeerCore core, long now) {
        for (Outgoing next = outbox.peek(); next != null; next = outbox.peek()) {
            SendResult result = next.isText()
                    ? core.channels()
                            .sendText(
                                    now,
                                    handle,
                                    StandardCharsets.UTF_8
                                            .decode(next.data().duplicate())
                                            .toString())
                    : core.channels().sendBinary(now, handle, next.data().duplicate());
            if (result == SendResult.BUFFER_FULL) {
                return;
            }
            if (result == SendResult.NOT_OPEN && state == State.OPEN) {
                // its end is about to be told: who sends until something is buffered must not do so for ever
                state = State.CLOSING;
            }
            if (result != SendResult.ACCEPTED) {
                LOG.debug("a message on a data channel is dropped: {}", result);
            }
            outbox.remove();
            coreBytes = core.channels().bufferedAmount(handle);
            pendingBytes.addAndGet(-next.data().capacity());
        }
        if (state == State.CLOSING) {
            closeWhenSent(core, now);
        }
    }

    /// Follows the core after a change.
    ///
    /// @return whether there is more to follow
    boolean follow(PeerCore core, long now) {
        if (state == State.CLOSED) {
            return false;
        }
        if (!outbox.isEmpty()) {
            flush(core, now);
        }
        coreBytes = core.channels().bufferedAmount(handle);
        long amount = bufferedAmount();
        if (amount > lowThreshold) {
            wasAbove = true;
        } else if (wasAbove) {
            wasAbove = false;
            Runnable callback = lowCallback;
            if (callback != null) {
                callback.run();
            }
        }
        return bufferedAmount() > 0 || wasAbove;
    }
}
