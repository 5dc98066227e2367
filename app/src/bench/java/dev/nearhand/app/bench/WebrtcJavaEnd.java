package dev.nearhand.app.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCAnswerOptions;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCIceGatheringState;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// One connection of [WebrtcJavaPeer]. The library must not be called inside its callbacks, so what they want done runs
/// on a thread of its own.
final class WebrtcJavaEnd implements PeerConnectionObserver {
    private static final int PATIENCE_SECONDS = 30;
    private static final int STEP_SECONDS = 10;

    private final String name;
    private final RTCPeerConnection pc;
    private final long start = System.nanoTime();
    private final CountDownLatch gathered = new CountDownLatch(1);
    private final ExecutorService later =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    private volatile long accepted;

    WebrtcJavaEnd(String name, PeerConnectionFactory factory) {
        this.name = name;
        this.pc = factory.createPeerConnection(new RTCConfiguration(), this);
    }

    @Override
    public void onIceCandidate(RTCIceCandidate candidate) {
        // it is in the description
    }

    @Override
    public void onIceGatheringChange(RTCIceGatheringState state) {
        if (state == RTCIceGatheringState.COMPLETE) {
            gathered.countDown();
        }
    }

    @Override
    public void onDataChannel(RTCDataChannel channel) {
        WebrtcJavaPeer.CHANNELS.incrementAndGet();
        WebrtcJavaChannel used = new WebrtcJavaChannel(channel);
        String label = used.label();
        if (label.equals("main")) {
            used.whenOpen(
                    () -> WebrtcJavaPeer.out(WebrtcJavaPeer.event("open", name).put("side", "answer")));
        } else if (label.equals("ping")) {
            used.onMessage(message -> {
                byte[] copy = new byte[message.remaining()];
                message.get(copy);
                later.execute(() -> {
                    used.send(copy);
                    WebrtcJavaPeer.PINGS.incrementAndGet();
                });
            });
        } else if (label.startsWith("bulk|")) {
            WebrtcJavaBulk.receive(name, used);
        }
        used.observe();
    }

    ObjectNode offer() throws Exception {
        WebrtcJavaChannel main = new WebrtcJavaChannel(pc.createDataChannel("main", new RTCDataChannelInit()));
        main.whenOpen(() -> {
            long now = System.nanoTime();
            WebrtcJavaPeer.out(WebrtcJavaPeer.event("open", name)
                    .put("side", "offer")
                    .put("ms", (now - start) / 1e6)
                    .put("sinceAccept", (now - accepted) / 1e6));
        });
        main.observe();
        Made made = new Made();
        pc.createOffer(new RTCOfferOptions(), made);
        return described(made);
    }

    ObjectNode answer(String sdp) throws Exception {
        set(RTCSdpType.OFFER, sdp);
        Made made = new Made();
        pc.createAnswer(new RTCAnswerOptions(), made);
        return described(made);
    }

    private ObjectNode described(Made made) throws Exception {
        Done done = new Done();
        pc.setLocalDescription(made.await(), done);
        done.await();
        if (!gathered.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("gathering does not end");
        }
        return WebrtcJavaPeer.JSON
                .createObjectNode()
                .put("sdp", pc.getLocalDescription().sdp)
                .put("gatherMs", (System.nanoTime() - start) / 1e6);
    }

    void accept(String sdp) throws Exception {
        accepted = System.nanoTime();
        set(RTCSdpType.ANSWER, sdp);
    }

    private void set(RTCSdpType type, String sdp) throws Exception {
        Done done = new Done();
        pc.setRemoteDescription(new RTCSessionDescription(type, sdp), done);
        done.await();
    }

    void send(JsonNode command) {
        RTCDataChannelInit init = new RTCDataChannelInit();
        init.ordered = command.path("ordered").asBoolean(true);
        String label = "bulk|" + command.path("run").asText() + "|"
                + command.path("seconds").asText("0") + "|"
                + (command.path("verify").asBoolean() ? 1 : 0);
        WebrtcJavaChannel channel = new WebrtcJavaChannel(pc.createDataChannel(label, init));
        channel.observe();
        work("send", () -> WebrtcJavaBulk.send(name, channel, command));
    }

    void ping(JsonNode command) {
        RTCDataChannelInit init = new RTCDataChannelInit();
        if (command.path("unreliable").asBoolean()) {
            init.ordered = false;
            init.maxRetransmits = 0;
        }
        WebrtcJavaChannel channel = new WebrtcJavaChannel(pc.createDataChannel("ping", init));
        work("ping", () -> WebrtcJavaBulk.ping(name, channel, command));
    }

    void channels(JsonNode command) {
        int count = command.path("count").asInt();
        int batch = command.path("batch").asInt(count);
        work("channels", () -> {
            long[] figures = new long[4]; // opened, closed, and the nanoseconds of both
            for (int from = 0; from < count; from += batch) {
                batch(Math.min(batch, count - from), figures);
            }
            WebrtcJavaPeer.out(WebrtcJavaPeer.event("channels", name)
                    .put("count", count)
                    .put("batch", batch)
                    .put("opened", figures[0])
                    .put("closed", figures[1])
                    .put("failed", count - figures[1])
                    .put("openMs", figures[2] / 1e6)
                    .put("closeMs", figures[3] / 1e6));
        });
    }

    private void batch(int size, long[] figures) throws InterruptedException {
        CountDownLatch opened = new CountDownLatch(size);
        CountDownLatch closed = new CountDownLatch(size);
        List<WebrtcJavaChannel> all = new ArrayList<>();
        long begun = System.nanoTime();
        for (int i = 0; i < size; i++) {
            WebrtcJavaChannel channel = new WebrtcJavaChannel(pc.createDataChannel("chan", new RTCDataChannelInit()));
            channel.whenOpen(opened::countDown);
            channel.whenClosed(closed::countDown);
            channel.observe();
            all.add(channel);
        }
        boolean _ = opened.await(STEP_SECONDS, TimeUnit.SECONDS);
        figures[0] += size - opened.getCount();
        figures[2] += System.nanoTime() - begun;
        begun = System.nanoTime();
        all.forEach(WebrtcJavaChannel::close);
        boolean _ = closed.await(STEP_SECONDS, TimeUnit.SECONDS);
        figures[1] += size - closed.getCount();
        figures[3] += System.nanoTime() - begun;
    }

    private interface Work {
        void run() throws Exception;
    }

    private void work(String cmd, Work work) {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                work.run();
            } catch (Exception failure) {
                WebrtcJavaPeer.failure(name, cmd, failure);
            }
        });
    }

    void close() {
        pc.close();
        later.shutdown();
    }

    private static final class Made implements CreateSessionDescriptionObserver {
        private final CompletableFuture<RTCSessionDescription> made = new CompletableFuture<>();

        @Override
        public void onSuccess(RTCSessionDescription description) {
            made.complete(description);
        }

        @Override
        public void onFailure(String error) {
            made.completeExceptionally(new IllegalStateException(error));
        }

        RTCSessionDescription await() throws Exception {
            return made.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static final class Done implements SetSessionDescriptionObserver {
        private final CompletableFuture<Boolean> done = new CompletableFuture<>();

        @Override
        public void onSuccess() {
            done.complete(true);
        }

        @Override
        public void onFailure(String error) {
            done.completeExceptionally(new IllegalStateException(error));
        }

        void await() throws Exception {
            done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
