package dev.nearhand.app.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Two ends of a connection that is not there: what one end sends, the other end receives, on one thread.
public final class LinkPair {
    public final End host = new End();
    public final End viewer = new End();
    /// Whether an answer that the host takes makes the connection stand.
    public volatile boolean reachable;

    /// Whether there is a channel for tiles once the host opens it.
    public volatile boolean tiles;
    /// So many of the next frames of video are lost.
    public volatile int videoLost;

    private final List<Runnable> held = new ArrayList<>();
    private boolean cut;
    private final ExecutorService loop = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("link").factory());

    /// The network carries nothing any more; what is sent reliably waits.
    public void cut(PeerLink.State state) {
        run(() -> cut = true);
        state(state, "cut");
    }

    /// And it does again.
    public void mend() {
        run(() -> cut = false);
        state(PeerLink.State.CONNECTED, "mended");
        run(() -> {
            List<Runnable> waiting = List.copyOf(held);
            held.clear();
            waiting.forEach(Runnable::run);
        });
    }

    private void answered() {
        if (!reachable) {
            return;
        }
        if (host.open) {
            mend();
        } else {
            connect();
        }
    }

    /// The connection stands and its channels are open.
    public void connect() {
        state(PeerLink.State.CONNECTED, "connected");
        run(() -> {
            host.open = true;
            viewer.open = true;
            host.events().onControlOpen();
            viewer.events().onControlOpen();
        });
    }

    public void state(PeerLink.State state, String reason) {
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

    void viewerTiles(byte[] raw) {
        run(() -> viewer.events().onTiles(ByteBuffer.wrap(raw)));
    }

    /// What arrives at `to` does not arrive any more: the other side was killed.
    void silence(End to) {
        to.deaf = true;
    }

    /// The path takes this much video.
    void target(long bps) {
        run(() -> host.events().onTargetBitrate(bps));
    }

    /// The channel for tiles is gone.
    void breakTiles() {
        run(() -> {
            tiles = false;
            host.events().onTilesClosed();
            viewer.events().onTilesClosed();
        });
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

    public final class End implements OfferingLink, AnsweringLink {
        public final List<PathMessage.Candidate> candidates = new CopyOnWriteArrayList<>();
        public final List<String> offers = new CopyOnWriteArrayList<>();
        private volatile @Nullable Events events;
        private volatile boolean open;
        private volatile boolean deaf;
        public volatile boolean closed;

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

        private void deliver(boolean reliable, java.util.function.Consumer<Events> event) {
            run(() -> {
                // what waits is delivered before what comes later
                if (!cut && (!reliable || held.isEmpty())) {
                    arrive(event);
                } else if (reliable) {
                    held.add(() -> arrive(event));
                }
            });
        }

        private void arrive(java.util.function.Consumer<Events> event) {
            End to = other();
            Events there = to.events;
            if (!to.deaf && there != null) {
                event.accept(there);
            }
        }

        /// This end has found a candidate.
        public void find(String candidate) {
            run(() -> events().onCandidate(new PathMessage.Candidate(candidate, "0")));
        }

        @Override
        public CompletableFuture<String> offer() {
            offers.add("offer " + (offers.size() + 1));
            return CompletableFuture.completedFuture(offers.getLast());
        }

        @Override
        public CompletableFuture<String> restart() {
            return offer();
        }

        @Override
        public CompletableFuture<String> answer(String offer) {
            return CompletableFuture.completedFuture("answer to " + offer);
        }

        @Override
        public CompletableFuture<Void> accept(String answer) {
            if (!answer.equals("answer to " + offers.getLast())) {
                return CompletableFuture.failedFuture(new IllegalStateException(answer));
            }
            answered();
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void listen(Events listener) {
            events = listener;
        }

        @Override
        public void addCandidate(PathMessage.Candidate candidate) {
            candidates.add(candidate);
        }

        @Override
        public boolean sendControl(String message) {
            if (open) {
                deliver(true, events -> events.onControl(bytes(message)));
            }
            return open;
        }

        @Override
        public boolean sendPointer(String message) {
            if (open) {
                deliver(false, events -> events.onPointer(bytes(message)));
            }
            return open;
        }

        @Override
        public void openTiles() {
            run(() -> {
                if (tiles) {
                    host.events().onTilesOpen();
                    viewer.events().onTilesOpen();
                }
            });
        }

        @Override
        public boolean sendTiles(ByteBuffer message) {
            byte[] copy = new byte[message.remaining()];
            message.duplicate().get(copy);
            deliver(true, events -> events.onTiles(ByteBuffer.wrap(copy)));
            return tiles;
        }

        @Override
        public void closeTiles() {
            breakTiles();
        }

        @Override
        public void sendVideo(ByteBuffer frame, long rtpTimestamp) {
            if (videoLost > 0) {
                videoLost--;
                return;
            }
            byte[] copy = new byte[frame.remaining()];
            frame.duplicate().get(copy);
            // RFC 6386 section 9.1: the lowest bit of a key frame is 0
            deliver(false, events -> events.onVideo(ByteBuffer.wrap(copy), rtpTimestamp, (copy[0] & 1) == 0));
        }

        @Override
        public void requestKeyframe() {
            deliver(false, Events::onKeyframeRequest);
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
                deliver(false, events -> events.onState(State.CLOSED, "closed by the other side"));
            }
        }
    }
}
