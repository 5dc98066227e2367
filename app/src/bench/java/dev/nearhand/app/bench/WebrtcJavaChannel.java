package dev.nearhand.app.bench;

import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelObserver;
import dev.onvoid.webrtc.RTCDataChannelState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// A channel of libwebrtc. Set what is to be told, then [#observe].
final class WebrtcJavaChannel implements RTCDataChannelObserver {
    private final RTCDataChannel channel;
    private final String label;
    private final CountDownLatch opened = new CountDownLatch(1);
    private final AtomicBoolean isOpenTold = new AtomicBoolean();
    private Runnable open = () -> {};
    private Runnable closed = () -> {};
    private Consumer<ByteBuffer> binary = _ -> {};
    private Consumer<String> text = _ -> {};

    WebrtcJavaChannel(RTCDataChannel channel) {
        this.channel = channel;
        this.label = channel.getLabel();
    }

    String label() {
        return label;
    }

    void whenOpen(Runnable told) {
        open = told;
    }

    void whenClosed(Runnable told) {
        closed = told;
    }

    /// @param taken of the library only until it returns
    void onMessage(Consumer<ByteBuffer> taken) {
        binary = taken;
    }

    void onText(Consumer<String> taken) {
        text = taken;
    }

    void observe() {
        channel.registerObserver(this);
        onStateChange(); // it may be open already
    }

    void awaitOpen() throws InterruptedException {
        if (!opened.await(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the channel does not open");
        }
    }

    @Override
    public void onBufferedAmountChange(long previous) {
        // it is looked at
    }

    @Override
    public void onStateChange() {
        RTCDataChannelState state = channel.getState();
        if (state == RTCDataChannelState.OPEN && isOpenTold.compareAndSet(false, true)) {
            opened.countDown();
            open.run();
        } else if (state == RTCDataChannelState.CLOSED) {
            closed.run();
        }
    }

    @Override
    public void onMessage(RTCDataChannelBuffer buffer) {
        if (buffer.binary) {
            binary.accept(buffer.data);
        } else {
            text.accept(StandardCharsets.UTF_8.decode(buffer.data).toString());
        }
    }

    long bufferedAmount() {
        return channel.getBufferedAmount();
    }

    /// @param message a direct buffer
    void send(ByteBuffer message) {
        send(new RTCDataChannelBuffer(message, true));
    }

    void send(byte[] message) {
        send(new RTCDataChannelBuffer(ByteBuffer.wrap(message), true));
    }

    void send(String message) {
        send(new RTCDataChannelBuffer(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)), false));
    }

    private void send(RTCDataChannelBuffer message) {
        try {
            channel.send(message);
        } catch (Exception refused) {
            throw new IllegalStateException(refused);
        }
    }

    void close() {
        channel.close();
    }
}
