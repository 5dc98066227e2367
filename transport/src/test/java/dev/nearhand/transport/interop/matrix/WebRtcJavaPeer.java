package dev.nearhand.transport.interop.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.RTCRtpCodecCapability;
import dev.onvoid.webrtc.media.MediaType;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// libwebrtc in a JVM (webrtc-java) as a peer of the matrix: a program of its own, because a crash of native code ends
/// its process. `.build/interop/drivers/README.md` tells the protocol.
public final class WebRtcJavaPeer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PrintStream OUT = System.out;

    private WebRtcJavaPeer() {}

    public static void main(String[] arguments) throws IOException {
        System.setOut(System.err); // what the library prints
        PeerConnectionFactory factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
        Map<String, WebRtcJavaConnection> connections = new HashMap<>();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
            JsonNode command = JSON.readTree(line);
            Runnable run = () -> {
                Map<String, Object> reply = new HashMap<>();
                try {
                    reply.putAll(
                            command.path("cmd").asText().equals("info")
                                    ? info(factory)
                                    : connections
                                            .computeIfAbsent(
                                                    command.path("pc").asText(),
                                                    name -> new WebRtcJavaConnection(name, factory))
                                            .run(command));
                } catch (Exception failure) {
                    reply.put("error", failure.toString());
                }
                reply.put("id", command.path("id").asInt());
                write(reply);
            };
            if (command.path("cmd").asText().equals("frames")) {
                Thread.ofPlatform().daemon().start(run);
            } else {
                run.run();
            }
        }
        System.exit(0);
    }

    private static Map<String, Object> info(PeerConnectionFactory factory) {
        Map<String, String> cannot = new HashMap<>();
        for (String codec : List.of("VP8", "VP9", "H264", "AV1")) {
            if (codecs(factory, codec).isEmpty()) {
                cannot.put("send " + codec, "this build has no " + codec);
                cannot.put("receive " + codec, "this build has no " + codec);
            }
        }
        return Map.of("name", "webrtc-java", "cannot", cannot);
    }

    static List<RTCRtpCodecCapability> codecs(PeerConnectionFactory factory, String codec) {
        return factory.getRtpReceiverCapabilities(MediaType.VIDEO).getCodecs().stream()
                .filter(each -> each.getName().equalsIgnoreCase(codec))
                .toList();
    }

    static synchronized void write(Map<String, ?> message) {
        try {
            OUT.println(JSON.writeValueAsString(message));
            OUT.flush();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
