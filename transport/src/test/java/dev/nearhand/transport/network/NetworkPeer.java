package dev.nearhand.transport.network;

import dev.nearhand.testing.interop.ProxyProcess;
import dev.nearhand.transport.api.DataChannel;
import dev.nearhand.transport.api.DataChannelMessage;
import dev.nearhand.transport.api.DataChannelOptions;
import dev.nearhand.transport.api.IceServer;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.SessionDescription;
import dev.nearhand.transport.api.TcpProxy;
import dev.nearhand.transport.api.VideoCodec;
import dev.nearhand.transport.api.VideoTrack;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One side of a connection as a program of its own: an ordered and a loose data channel and a video track, all busy
/// all the time in both directions. What it signals and what it notices are lines of its
/// output; the lines that the other side signals, and [PeerProcess]'s commands, are its input, whose end ends it.
final class NetworkPeer {
    /// What flows all the time.
    static final Set<String> FLOWS = Set.of("ordered", "loose", "video");

    /// The option of Java with which TCP connections are accepted.
    static final String ACCEPTING_TCP = "-Dnetworkpeer.tcp=true";

    /// The system property that names a proxy.
    static final String PROXY = "nearhand.test.proxy";

    private static final String QUESTION = "?";
    private static final String ANSWER = "!";
    private static final int QUESTIONS = 30;
    private static final int LARGEST_QUESTION = 20_000;
    private static final long TICK_MILLIS = 20;
    private static final int FRAME_BYTES = 2_000;
    private static final int THREADS = 1;

    private final PeerConnection connection;
    private final List<String> awaited = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(
            THREADS, Thread.ofPlatform().daemon().factory());
    private long askedNanos = System.nanoTime();
    private @Nullable DataChannel ordered;

    private NetworkPeer(PeerConfig config) {
        connection = PeerConnection.create(config);
        connection.onStateChange((state, reason) -> say("state", state + " " + reason));
        connection.onIceCandidate(found -> say("candidate", encoded(found.candidate())));
        connection.onDataChannel(this::use);
        connection.onVideoTrack(track -> {
            Arrivals arrivals = new Arrivals("video");
            track.onFrame(_ -> arrivals.one());
        });
        VideoTrack video = connection.addVideoTrack("picture", VideoCodec.VP8);
        clock.scheduleAtFixedRate(() -> sendFrame(video), 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// @param args three for each ICE server: its address, a name and a credential, which are empty for STUN
    public static void main(String[] args) {
        List<IceServer> servers = new ArrayList<>();
        for (int i = 0; i < args.length; i += 3) {
            servers.add(new IceServer(args[i], args[i + 1], args[i + 2]));
        }
        PeerConnection.warmUp();
        PeerConfig config =
                PeerConfig.defaults().withIceServers(servers).withTcpCandidates(Boolean.getBoolean("networkpeer.tcp"));
        String proxy = System.getProperty(PROXY, "");
        NetworkPeer peer = new NetworkPeer(
                proxy.isEmpty()
                        ? config
                        : config.withProxy(new TcpProxy(proxy, ProxyProcess.USERNAME, ProxyProcess.PASSWORD)));
        say("ready", "");
        for (String line = IO.readln(); line != null; line = IO.readln()) {
            String[] words = line.split(" ", 2);
            peer.obey(words[0], words.length == 1 ? "" : words[1]);
        }
        peer.connection.close();
    }

    private void obey(String command, String argument) {
        switch (command) {
            case "start" -> start();
            case "restart" -> restart();
            case "check" -> check();
            case "stats" -> say("path", connection.stats().path());
            case "counters" -> say("counters", connection.stats().counters().toString());
            case "offer" ->
                connection
                        .answerAsync(SessionDescription.offer(decoded(argument)))
                        .thenAccept(answer -> say("answer", encoded(answer.sdp())));
            case "answer" -> connection.setRemoteDescription(SessionDescription.answer(decoded(argument)));
            case "candidate" -> connection.addRemoteCandidate(decoded(argument));
            default -> throw new IllegalArgumentException(command);
        }
    }

    private void start() {
        askedNanos = System.nanoTime();
        connection.receiveVideo();
        use(connection.createDataChannel("ordered"));
        use(connection.createDataChannel("loose", DataChannelOptions.unreliable()));
        offer();
    }

    private void restart() {
        connection.restartIce();
        offer();
    }

    private void offer() {
        connection.offerAsync().thenAccept(offer -> say("offer", encoded(offer.sdp())));
    }

    private void use(DataChannel channel) {
        Arrivals arrivals = new Arrivals(channel.label());
        channel.onMessage(message -> {
            arrivals.one();
            received(channel, message);
        });
        channel.onOpen(() -> {
            if (channel.label().equals("ordered")) {
                ordered = channel;
                say("open", Duration.ofNanos(System.nanoTime() - askedNanos).toMillis() + " ms");
            }
            clock.scheduleAtFixedRate(() -> tick(channel), 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    private static void tick(DataChannel channel) {
        if (channel.isOpen()) {
            channel.send("tick");
        }
    }

    private static void sendFrame(VideoTrack video) {
        // VP8 whose first bit says that it is a key frame (RFC 6386 section 9.1); nobody decodes it
        video.write(ByteBuffer.allocate(FRAME_BYTES), Duration.ofMillis(TICK_MILLIS));
    }

    /// Sends messages of many sizes and says `checked` when all have been echoed, in order.
    private void check() {
        DataChannel channel = ordered;
        if (channel == null) {
            throw new IllegalStateException("not open yet");
        }
        for (int i = 0; i < QUESTIONS; i++) {
            String text = i + ":" + "x".repeat(i * 1_097 % LARGEST_QUESTION);
            synchronized (awaited) {
                awaited.add(text);
            }
            channel.send(QUESTION + text);
        }
    }

    private void received(DataChannel channel, DataChannelMessage message) {
        String text = message.text();
        if (text.startsWith(QUESTION)) {
            channel.send(ANSWER + text.substring(1));
        } else if (text.startsWith(ANSWER)) {
            synchronized (awaited) {
                if (!awaited.removeFirst().equals(text.substring(1))) {
                    say("broken", "a message that was not the next one");
                } else if (awaited.isEmpty()) {
                    say("checked", QUESTIONS + " messages");
                }
            }
        }
    }

    private static void say(String what, String more) {
        IO.println(what + " " + more);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }

    /// Tells of a silence when it is over, on the clock that all programs of a machine share.
    private static final class Arrivals {
        private static final long SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

        private final String flow;
        private long lastNanos = System.nanoTime();

        Arrivals(String flow) {
            this.flow = flow;
        }

        void one() {
            long now = System.nanoTime();
            if (now - lastNanos > SILENCE_NANOS) {
                say("silence", flow + " " + lastNanos + " " + now);
            }
            lastNanos = now;
        }
    }
}
