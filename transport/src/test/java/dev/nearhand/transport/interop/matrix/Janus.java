package dev.nearhand.transport.interop.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nearhand.testing.Requires;
import dev.nearhand.testing.interop.Log;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// The Janus gateway, steered through its HTTP interface on the loopback. Its media go over the other addresses.
final class Janus implements AutoCloseable {
    private static final Duration STARTS = Duration.ofSeconds(20);
    private static final Duration LONG_POLL = Duration.ofSeconds(40); // Janus answers after 30 s at the latest
    private static final int MOST_EVENTS_A_POLL = 20;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger TRANSACTIONS = new AtomicInteger();
    private static final List<String> UNUSED_PLUGINS = List.of(
            "audiobridge", "duktape", "lua", "nosip", "recordplay", "sip", "streaming", "videocall", "voicemail");
    private static final List<String> UNUSED_TRANSPORTS =
            List.of("mqtt", "nanomsg", "pfunix", "rabbitmq", "websockets");

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<JsonNode> events = new ArrayList<>();
    private final Process process;
    private final Log log;
    private final URI base;
    private URI session;
    private volatile boolean closed;

    private Janus(Path folder, int port) throws IOException {
        configure(folder, port);
        process = new ProcessBuilder(
                        Requires.tool("janus", "janus").toString(),
                        "--configs-folder=" + folder,
                        "--config=" + folder.resolve("janus.jcfg"))
                .redirectErrorStream(true)
                .start();
        log = new Log(process.inputReader(StandardCharsets.UTF_8));
        base = URI.create("http://127.0.0.1:" + port + "/janus");
        session = base;
    }

    /// @param folder for its configuration
    static Janus start(Path folder) throws IOException, InterruptedException {
        Janus janus = new Janus(folder, freePort());
        try {
            janus.awaitAnswer();
            long id = janus.post(janus.base, JSON.createObjectNode().put("janus", "create"))
                    .at("/data/id")
                    .asLong();
            janus.session = URI.create(janus.base + "/" + id);
            Thread.ofVirtual().start(janus::poll);
            return janus;
        } catch (RuntimeException failure) {
            janus.close();
            throw failure;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static void configure(Path folder, int port) throws IOException {
        Path libraries = Path.of("/usr/lib/x86_64-linux-gnu/janus");
        Files.writeString(folder.resolve("janus.jcfg"), """
                general: {
                  configs_folder = "%s"
                  plugins_folder = "%s"
                  transports_folder = "%s"
                }
                plugins: { disable = "%s" }
                transports: { disable = "%s" }
                """.formatted(
                        folder,
                        libraries.resolve("plugins"),
                        libraries.resolve("transports"),
                        libraries(UNUSED_PLUGINS),
                        libraries(UNUSED_TRANSPORTS)));
        Files.writeString(folder.resolve("janus.transport.http.jcfg"), """
                general: { http = true, port = %d, ip = "127.0.0.1", https = false, base_path = "/janus" }
                admin: { admin_http = false, admin_https = false }
                """.formatted(port));
    }

    private static String libraries(List<String> names) {
        return String.join(
                ",", names.stream().map(name -> "libjanus_" + name + ".so").toList());
    }

    private void awaitAnswer() throws InterruptedException {
        long end = System.nanoTime() + STARTS.toNanos();
        HttpRequest info = HttpRequest.newBuilder(URI.create(base + "/info")).build();
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                http.send(info, HttpResponse.BodyHandlers.ofString());
                return;
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        throw new IllegalStateException("janus does not answer:\n" + log.text());
    }

    private JsonNode post(URI where, ObjectNode message) {
        message.put("transaction", "t" + TRANSACTIONS.incrementAndGet());
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(where)
                            .timeout(Peer.PATIENCE)
                            .POST(HttpRequest.BodyPublishers.ofString(message.toString()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            JsonNode reply = JSON.readTree(response.body());
            if (reply.path("janus").asText().equals("error")) {
                throw new StepException("Janus: " + reply.at("/error/reason").asText());
            }
            return reply;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new StepException("interrupted");
        }
    }

    private void poll() {
        HttpRequest next = HttpRequest.newBuilder(URI.create(session + "?maxev=" + MOST_EVENTS_A_POLL))
                .timeout(LONG_POLL)
                .build();
        while (!closed) {
            try {
                JsonNode come = JSON.readTree(
                        http.send(next, HttpResponse.BodyHandlers.ofString()).body());
                synchronized (events) {
                    (come.isArray() ? come : JSON.createArrayNode().add(come)).forEach(events::add);
                    events.notifyAll();
                }
            } catch (IOException gone) {
                return; // with its process
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    String log() {
        return log.text();
    }

    @Override
    public void close() {
        closed = true;
        http.shutdownNow();
        Log.end(process);
    }

    Handle attach(String plugin) {
        ObjectNode message = JSON.createObjectNode().put("janus", "attach").put("plugin", "janus.plugin." + plugin);
        return new Handle(post(session, message).at("/data/id").asLong());
    }

    /// One connection, or none, at a plugin.
    final class Handle {
        private final long id;
        private final URI address;

        private Handle(long id) {
            this.id = id;
            this.address = URI.create(session + "/" + id);
        }

        /// Asks what is answered at once.
        JsonNode ask(String body) {
            return post(address, message(body)).at("/plugindata/data");
        }

        /// Asks what is answered with a description.
        JsonNode askForDescription(String body) {
            post(address, message(body));
            return description();
        }

        /// @param type `offer` or `answer`
        JsonNode describe(String body, String type, String sdp) {
            ObjectNode message = message(body);
            message.putObject("jsep").put("type", type).put("sdp", sdp);
            int before = count();
            post(address, message);
            return await(event -> !event.at("/plugindata/data").isMissingNode(), before, Peer.PATIENCE);
        }

        void candidate(String candidate, String mid) {
            ObjectNode message = JSON.createObjectNode().put("janus", "trickle");
            if (candidate.isEmpty()) {
                message.putObject("candidate").put("completed", true);
            } else {
                message.putObject("candidate").put("candidate", candidate).put("sdpMid", mid);
            }
            post(address, message);
        }

        void hangUp() {
            post(address, JSON.createObjectNode().put("janus", "hangup"));
        }

        /// Until what we send is taken.
        void awaitUp() {
            await(event -> event.path("janus").asText().equals("webrtcup"), 0, Peer.PATIENCE);
        }

        void awaitHangUp(Duration patience) {
            await(event -> event.path("janus").asText().equals("hangup"), 0, patience);
        }

        private ObjectNode message(String body) {
            try {
                ObjectNode message = JSON.createObjectNode().put("janus", "message");
                message.set("body", JSON.readTree(body));
                return message;
            } catch (IOException wrong) {
                throw new UncheckedIOException(wrong);
            }
        }

        private int described;

        /// The next one that comes from Janus.
        private JsonNode description() {
            JsonNode event = await(come -> come.has("jsep"), described, Peer.PATIENCE);
            described = count();
            return event;
        }

        private int count() {
            synchronized (events) {
                return events.size();
            }
        }

        private JsonNode await(Predicate<JsonNode> wanted, int from, Duration patience) {
            long deadline = System.nanoTime() + patience.toNanos();
            synchronized (events) {
                while (true) {
                    for (JsonNode event : events.subList(from, events.size())) {
                        if (event.path("sender").asLong() == id && wanted.test(event)) {
                            return event;
                        }
                    }
                    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    if (left <= 0) {
                        throw new StepException("Janus does not say what was waited for; it said "
                                + events.stream()
                                        .filter(event -> event.path("sender").asLong() == id)
                                        .map(JsonNode::toString)
                                        .toList());
                    }
                    try {
                        events.wait(left);
                    } catch (InterruptedException stop) {
                        Thread.currentThread().interrupt();
                        throw new StepException("interrupted");
                    }
                }
            }
        }
    }
}
