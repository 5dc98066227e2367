package dev.nearhand.app.bench;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// libwebrtc in the JVM (webrtc-java) as a peer; docs/peer.md tells the contract.
final class WebrtcJavaPeer {
    static final ObjectMapper JSON = new ObjectMapper();
    static final AtomicLong CHANNELS = new AtomicLong();
    static final AtomicLong PINGS = new AtomicLong();

    private static final int MAX_MESSAGE = 262_144;
    private static final PrintStream OUT = System.out;

    private final PeerConnectionFactory factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
    private final Map<String, WebrtcJavaEnd> ends = new HashMap<>();

    private WebrtcJavaPeer() {}

    public static void main(String[] arguments) throws IOException {
        System.setOut(System.err); // the library may have something to say
        new WebrtcJavaPeer().run();
        Runtime.getRuntime().halt(0);
    }

    static void out(ObjectNode message) {
        try {
            String line = JSON.writeValueAsString(message);
            synchronized (OUT) {
                OUT.println(line);
                OUT.flush();
            }
        } catch (JacksonException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static ObjectNode event(String name, String pc) {
        return JSON.createObjectNode().put("event", name).put("pc", pc);
    }

    static void failure(String pc, String cmd, Throwable error) {
        out(event("error", pc).put("cmd", cmd).put("error", error.toString()));
    }

    private void run() throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!obey(line)) {
                    return;
                }
            }
        }
    }

    private boolean obey(String line) {
        ObjectNode reply = JSON.createObjectNode().putNull("id");
        try {
            JsonNode command = JSON.readTree(line);
            reply.set("id", command.path("id"));
            reply.setAll(done(command));
            out(reply);
            return !command.path("cmd").asText().equals("quit");
        } catch (Exception failure) {
            out(reply.put("error", failure.toString()));
            return true;
        }
    }

    private ObjectNode done(JsonNode command) throws Exception {
        String pc = command.path("pc").asText("0");
        switch (command.path("cmd").asText()) {
            case "info" -> {
                return JSON.createObjectNode()
                        .put("name", "webrtc-java")
                        .put("version", "0.14.0")
                        .put("maxMessage", MAX_MESSAGE);
            }
            case "offer" -> {
                return made(pc).offer();
            }
            case "answer" -> {
                return made(pc).answer(command.path("sdp").asText());
            }
            case "stat" -> {
                return JSON.createObjectNode()
                        .put("channelsSeen", CHANNELS.get())
                        .put("pingsEchoed", PINGS.get())
                        .put("pcs", ends.size());
            }
            case "accept" -> known(pc).accept(command.path("sdp").asText());
            case "send" -> {
                within(command.path("size").asLong(), 1, MAX_MESSAGE, "size");
                within(command.path("bytes").asLong(), command.path("size").asLong(), 1L << 44, "bytes");
                known(pc).send(command);
            }
            case "ping" -> {
                within(command.path("size").asLong(), 4, MAX_MESSAGE, "size");
                within(command.path("count").asLong(), 1, 1_000_000, "count");
                known(pc).ping(command);
            }
            case "channels" -> {
                within(command.path("count").asLong(), 1, 1_000_000, "count");
                known(pc).channels(command);
            }
            case "reset" -> {
                ends.values().forEach(WebrtcJavaEnd::close);
                ends.clear();
            }
            case "quit" -> {
                // after the reply
            }
            default -> throw new IllegalArgumentException("unknown command");
        }
        return JSON.createObjectNode().put("ok", true);
    }

    private static void within(long number, long least, long most, String name) {
        if (number < least || number > most) {
            throw new IllegalArgumentException(name + " is from " + least + " to " + most);
        }
    }

    private WebrtcJavaEnd made(String pc) {
        if (ends.containsKey(pc)) {
            throw new IllegalArgumentException("pc " + pc + " is there already");
        }
        WebrtcJavaEnd end = new WebrtcJavaEnd(pc, factory);
        ends.put(pc, end);
        return end;
    }

    private WebrtcJavaEnd known(String pc) {
        WebrtcJavaEnd end = ends.get(pc);
        if (end == null) {
            throw new IllegalArgumentException("there is no pc " + pc);
        }
        return end;
    }
}
