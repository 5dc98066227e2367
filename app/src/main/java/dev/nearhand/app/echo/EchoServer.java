package dev.nearhand.app.echo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.nearhand.transport.api.ConnectionState;
import dev.nearhand.transport.api.DataChannel;
import dev.nearhand.transport.api.DataChannelMessage;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.SessionDescription;
import dev.nearhand.transport.api.TransportException;
import dev.nearhand.transport.api.VideoCodec;
import dev.nearhand.transport.api.VideoTrack;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Answers offers that are posted to `/offer`, and sends back what comes over the connections: messages of data
/// channels, and the frames of one video track. Any thread may call.
public final class EchoServer implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 16;
    private static final int ANSWER_SECONDS = 10;
    private static final Pattern FORMAT = Pattern.compile("a=rtpmap:\\d+ (VP8|VP9|H264|AV1)/90000");

    private final HttpServer http;
    private final PeerConfig config;
    private final Semaphore places = new Semaphore(MAX_CONNECTIONS);
    private final Set<PeerConnection> connections = ConcurrentHashMap.newKeySet();

    private EchoServer(HttpServer http, PeerConfig config) {
        this.http = http;
        this.config = config;
    }

    /// @param address where to listen; port 0 takes any
    /// @param config of the connections: at most 16 at a time, an offer beyond is answered with status 503
    /// @throws IOException when the port cannot be opened
    public static EchoServer open(InetSocketAddress address, PeerConfig config) throws IOException {
        EchoServer server = new EchoServer(HttpServer.create(address, 0), config);
        server.http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.http.createContext("/offer", server::offered);
        server.http.start();
        return server;
    }

    public int port() {
        return http.getAddress().getPort();
    }

    private void offered(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("POST")) {
                reply(exchange, 405, "");
                return;
            }
            byte[] body = exchange.getRequestBody().readNBytes(WireDescription.MAX_BYTES + 1);
            if (body.length > WireDescription.MAX_BYTES) {
                reply(exchange, 413, "");
                return;
            }
            if (!places.tryAcquire()) {
                reply(exchange, 503, "");
                return;
            }
            answer(exchange, new String(body, StandardCharsets.UTF_8));
        }
    }

    private void answer(HttpExchange exchange, String body) throws IOException {
        String offer;
        try {
            offer = WireDescription.read("offer", body);
        } catch (IllegalArgumentException bad) {
            places.release();
            reply(exchange, 400, "");
            return;
        }
        PeerConnection connection;
        try {
            connection = PeerConnection.create(config);
        } catch (TransportException noNetwork) {
            places.release();
            reply(exchange, 500, "");
            return;
        }
        connections.add(connection);
        AtomicBoolean ended = new AtomicBoolean();
        connection.onStateChange((state, reason) -> {
            boolean over = state == ConnectionState.FAILED || state == ConnectionState.CLOSED;
            if (over && ended.compareAndSet(false, true)) {
                connections.remove(connection);
                places.release();
                connection.close();
            }
        });
        try {
            echo(connection, offer);
            SessionDescription answer = connection
                    .answerAsync(SessionDescription.offer(offer))
                    .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                    .join();
            reply(exchange, 200, WireDescription.write("answer", answer.sdp()));
        } catch (CompletionException refused) {
            connection.close();
            reply(exchange, 400, "");
        }
    }

    private static void echo(PeerConnection connection, String offer) {
        connection.onDataChannel(channel -> channel.onMessage(message -> send(channel, message)));
        videoOf(offer).ifPresent(codec -> {
            connection.acceptVideo(codec);
            VideoTrack back = connection.addVideoTrack("echo", codec);
            connection.onVideoTrack(track -> {
                back.onKeyframeRequest(track::requestKeyframe);
                track.onFrame(frame -> back.write(frame.data(), frame.rtpTimestamp()));
            });
        });
    }

    private static void send(DataChannel channel, DataChannelMessage message) {
        try {
            if (message.isText()) {
                channel.send(message.text());
            } else {
                channel.send(message.data());
            }
        } catch (TransportException full) {
            channel.close(); // an echo that is not taken back ends, rather than to wait without a limit
        }
    }

    /// The format of video that the offer prefers.
    private static Optional<VideoCodec> videoOf(String offer) {
        int section = offer.indexOf("\nm=video");
        return section < 0
                ? Optional.empty()
                : FORMAT.matcher(offer.substring(section))
                        .results()
                        .map((MatchResult format) -> VideoCodec.valueOf(format.group(1)))
                        .findFirst();
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    /// Stops listening and closes the connections.
    @Override
    public void close() {
        http.stop(0);
        connections.forEach(PeerConnection::close);
    }
}
