package dev.nearhand.app.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Two ends of a connection that is not there: what one end sends, the other end receives, on one thread.
final class LinkPair {
    final End host = new End();
    final End viewer = new End();
    private final ExecutorService loop = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("link").factory());

    /// The connection stands and its channels are open.
    void connect() {
        state(PeerLink.State.CONNECTED, "connected");
        run(() -> {
            host.open = true;
            viewer.open = true;
            host.events().onControlOpen();
            viewer.events().onControlOpen();
        });
    }

    void state(PeerLink.State state, String reason) {
        run(() -> {
            host.events().onState(state, reason);
            viewer.events().onState(state, reason);
        });
    }

    /// Bytes that no honest viewer sends.
    void toHost(String raw) {
        run(() -> host.events().onControl(bytes(raw)));
    }

    void toViewer(String raw) {
        run(() -> viewer.events().onControl(bytes(raw)));
    }

    /// What arrives at `to` does not arrive any more: the other side was killed.
    void silence(End to) {
        to.deaf = true;
    }

    private void run(Runnable step) {
        try {
            loop.execute(step);
        } catch (RejectedExecutionException _) {
            // closed
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    final class End implements PeerLink {
        private volatile @Nullable Events events;
        private volatile boolean open;
        private volatile boolean deaf;
        volatile boolean closed;

        private Events events() {
            Events present = events;
            if (present == null) {
                throw new IllegalStateException("nobody listens");
            }
            return present;
        }

        private End other() {
            return this == host ? viewer : host;
        }

        private void deliver(java.util.function.Consumer<Events> event) {
            End to = other();
            run(() -> {
                Events there = to.events;
                if (!to.deaf && there != null) {
                    event.accept(there);
                }
            });
        }

        @Override
        public void listen(Events listener) {
            events = listener;
        }

        @Override
        public void addCandidate(PathMessage.Candidate candidate) {}

        @Override
        public boolean sendControl(String message) {
            if (open) {
                deliver(events -> events.onControl(bytes(message)));
            }
            return open;
        }

        @Override
        public boolean sendPointer(String message) {
            if (open) {
                deliver(events -> events.onPointer(bytes(message)));
            }
            return open;
        }

        @Override
        public void sendVideo(ByteBuffer frame, long rtpTimestamp) {
            byte[] copy = new byte[frame.remaining()];
            frame.duplicate().get(copy);
            // RFC 6386 section 9.1: the lowest bit of a key frame is 0
            deliver(events -> events.onVideo(ByteBuffer.wrap(copy), rtpTimestamp, (copy[0] & 1) == 0));
        }

        @Override
        public void requestKeyframe() {
            deliver(Events::onKeyframeRequest);
        }

        @Override
        public LinkStats stats() {
            return LinkStats.none();
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                open = false;
                deliver(events -> events.onState(State.CLOSED, "closed by the other side"));
            }
        }
    }
}
