package dev.nearhand.transport.interop.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCAnswerOptions;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCDataChannelObserver;
import dev.onvoid.webrtc.RTCDataChannelState;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCIceGatheringState;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCPeerConnectionState;
import dev.onvoid.webrtc.RTCRtpTransceiver;
import dev.onvoid.webrtc.RTCRtpTransceiverDirection;
import dev.onvoid.webrtc.RTCRtpTransceiverInit;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.onvoid.webrtc.media.video.CustomVideoSource;
import dev.onvoid.webrtc.media.video.VideoTrack;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/// One connection of [WebRtcJavaPeer]. The library must not be called from inside its callbacks, so what they want done
/// runs on a thread of its own.
final class WebRtcJavaConnection implements PeerConnectionObserver {
    private final String name;
    private final PeerConnectionFactory factory;
    private final RTCPeerConnection pc;
    private final ExecutorService later =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    private final CompletableFuture<WebRtcJavaFilm.Sink> sink = new CompletableFuture<>();
    private final List<Object> kept = new ArrayList<>();
    private volatile boolean trickle;
    private boolean hasMain;

    WebRtcJavaConnection(String name, PeerConnectionFactory factory) {
        this.name = name;
        this.factory = factory;
        this.pc = factory.createPeerConnection(new RTCConfiguration(), this);
    }

    private void event(String event, Map<String, ?> more) {
        Map<String, Object> message = new java.util.HashMap<>(more);
        message.put("event", event);
        message.put("pc", name);
        WebRtcJavaPeer.write(message);
    }

    @Override
    public void onIceCandidate(RTCIceCandidate candidate) {
        if (trickle) {
            event("candidate", Map.of("candidate", candidate.sdp));
        }
    }

    @Override
    public void onConnectionChange(RTCPeerConnectionState state) {
        event("state", Map.of("state", state.toString()));
        if (state == RTCPeerConnectionState.CLOSED || state == RTCPeerConnectionState.FAILED) {
            event("closed", Map.of());
        }
    }

    @Override
    public void onDataChannel(RTCDataChannel channel) {
        use(channel);
    }

    @Override
    public void onTrack(RTCRtpTransceiver transceiver) {
        if (transceiver.getReceiver().getTrack() instanceof VideoTrack track) {
            WebRtcJavaFilm.Sink film = new WebRtcJavaFilm.Sink();
            track.addSink(film);
            kept.add(track);
            sink.complete(film);
        }
    }

    private void use(RTCDataChannel channel) {
        boolean isMain = channel.getLabel().equals("main");
        WebRtcJavaTransfer transfer = new WebRtcJavaTransfer(channel, report -> event("received", report));
        channel.registerObserver(new RTCDataChannelObserver() {
            @Override
            public void onBufferedAmountChange(long previous) {}

            @Override
            public void onStateChange() {
                later.execute(WebRtcJavaConnection.this.tell(channel, isMain));
            }

            @Override
            public void onMessage(RTCDataChannelBuffer buffer) {
                byte[] bytes = new byte[buffer.data.remaining()];
                buffer.data.get(bytes);
                later.execute(() -> {
                    if (isMain) {
                        pong(channel, new String(bytes, StandardCharsets.UTF_8));
                    } else {
                        transfer.take(bytes);
                    }
                });
            }
        });
        later.execute(tell(channel, isMain));
    }

    private Runnable tell(RTCDataChannel channel, boolean isMain) {
        return () -> {
            if (isMain && channel.getState() == RTCDataChannelState.OPEN) {
                event("open", Map.of());
            } else if (isMain && channel.getState() == RTCDataChannelState.CLOSED) {
                event("closed", Map.of());
            }
        };
    }

    private static void pong(RTCDataChannel channel, String text) {
        if (text.startsWith("ping ")) {
            byte[] answer = ("pong " + text.substring("ping ".length())).getBytes(StandardCharsets.UTF_8);
            try {
                channel.send(new RTCDataChannelBuffer(ByteBuffer.wrap(answer), false));
            } catch (Exception closed) {
                System.err.println("pong: " + closed);
            }
        }
    }

    Map<String, ?> run(JsonNode command) throws Exception {
        trickle = command.path("trickle").asBoolean(trickle);
        return switch (command.path("cmd").asText()) {
            case "offer" -> offer(command);
            case "answer" -> answer(command);
            case "accept" -> set(command, RTCSdpType.ANSWER);
            case "candidate" -> {
                pc.addIceCandidate(new RTCIceCandidate(
                        command.path("mid").asText(),
                        0,
                        command.path("candidate").asText()));
                yield Map.of();
            }
            case "bulk" -> bulk(command);
            case "frames" ->
                sink.get(60, TimeUnit.SECONDS).frames(command.path("least").asInt());
            case "close" -> {
                pc.close();
                yield Map.of();
            }
            default -> throw new IllegalArgumentException("unknown command");
        };
    }

    private Map<String, ?> offer(JsonNode command) throws Exception {
        if (!hasMain) {
            hasMain = true;
            use(pc.createDataChannel("main", new RTCDataChannelInit()));
        }
        if (command.has("send")) {
            add(command.path("send").asText(), RTCRtpTransceiverDirection.SEND_ONLY);
        }
        if (command.has("receive")) {
            add(command.path("receive").asText(), RTCRtpTransceiverDirection.RECV_ONLY);
        }
        RTCOfferOptions options = new RTCOfferOptions();
        options.iceRestart = command.path("restart").asBoolean();
        return describe(observer -> pc.createOffer(options, observer));
    }

    private void add(String codec, RTCRtpTransceiverDirection direction) {
        RTCRtpTransceiverInit init = new RTCRtpTransceiverInit();
        init.direction = direction;
        RTCRtpTransceiver transceiver = pc.addTransceiver(track(), init);
        transceiver.setCodecPreferences(WebRtcJavaPeer.codecs(factory, codec));
    }

    private VideoTrack track() {
        CustomVideoSource source = new CustomVideoSource();
        VideoTrack track = factory.createVideoTrack("film", source);
        kept.add(source);
        kept.add(track);
        WebRtcJavaFilm.play(source);
        return track;
    }

    private Map<String, ?> answer(JsonNode command) throws Exception {
        set(command, RTCSdpType.OFFER);
        if (command.has("send")) {
            for (RTCRtpTransceiver transceiver : pc.getTransceivers()) {
                transceiver.getSender().replaceTrack(track());
                transceiver.setDirection(RTCRtpTransceiverDirection.SEND_ONLY);
            }
        }
        return describe(observer -> pc.createAnswer(new RTCAnswerOptions(), observer));
    }

    private Map<String, ?> describe(Consumer<CreateSessionDescriptionObserver> create) throws Exception {
        CompletableFuture<RTCSessionDescription> created = new CompletableFuture<>();
        create.accept(new CreateSessionDescriptionObserver() {
            @Override
            public void onSuccess(RTCSessionDescription description) {
                created.complete(description);
            }

            @Override
            public void onFailure(String error) {
                created.completeExceptionally(new IllegalStateException(error));
            }
        });
        RTCSessionDescription description = created.get(30, TimeUnit.SECONDS);
        awaitSet(observer -> {
            pc.setLocalDescription(description, observer);
            return observer;
        });
        while (!trickle && pc.getIceGatheringState() != RTCIceGatheringState.COMPLETE) {
            Thread.sleep(5);
        }
        return Map.of("sdp", pc.getLocalDescription().sdp);
    }

    private Map<String, ?> set(JsonNode command, RTCSdpType type) throws Exception {
        awaitSet(observer -> {
            pc.setRemoteDescription(
                    new RTCSessionDescription(type, command.path("sdp").asText()), observer);
            return observer;
        });
        return Map.of();
    }

    private static void awaitSet(Function<SetSessionDescriptionObserver, ?> set) throws Exception {
        CompletableFuture<String> done = new CompletableFuture<>();
        set.apply(new SetSessionDescriptionObserver() {
            @Override
            public void onSuccess() {
                done.complete("");
            }

            @Override
            public void onFailure(String error) {
                done.completeExceptionally(new IllegalStateException(error));
            }
        });
        done.get(30, TimeUnit.SECONDS);
    }

    private Map<String, ?> bulk(JsonNode command) throws Exception {
        RTCDataChannelInit init = new RTCDataChannelInit();
        init.ordered = command.path("ordered").asBoolean();
        init.maxRetransmits = command.path("maxRetransmits").asInt();
        RTCDataChannel channel = pc.createDataChannel(command.path("label").asText(), init);
        kept.add(channel);
        while (channel.getState() != RTCDataChannelState.OPEN) {
            Thread.sleep(5);
        }
        for (int i = 0; i < command.path("count").asInt(); i++) {
            channel.send(new RTCDataChannelBuffer(ByteBuffer.wrap(Bulk.message(i)), true));
        }
        return Map.of();
    }
}
