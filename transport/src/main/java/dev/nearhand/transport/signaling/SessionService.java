package dev.nearhand.transport.signaling;

import dev.nearhand.transport.api.IceServer;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.SessionDescription;
import dev.nearhand.transport.api.TransportException;
import dev.nearhand.transport.sdp.SdpFragment;
import dev.nearhand.transport.sdp.SdpResult;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What WHIP and WHEP servers answer, without sockets: endpoints, their sessions, and who may do what. Any thread;
/// [#handle] waits for the application and for candidates.
final class SessionService {
    /// Endpoints of one server.
    static final int ENDPOINTS_LIMIT = 64;

    private static final Logger LOG = LoggerFactory.getLogger(SessionService.class);
    private static final SecureRandom SECRETS = new SecureRandom();
    private static final int ID_BYTES = 16;
    private static final String ENDPOINT_METHODS = "OPTIONS, GET, POST";
    private static final String SESSION_METHODS = "OPTIONS, GET, PATCH, DELETE";
    private static final String BEARER = "Bearer ";
    private static final int BUSY_SECONDS = 5;

    private final SignalingServerConfig config;
    private final RateLimit rate;
    private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();
    private final Map<String, ServerSession> sessions = new ConcurrentHashMap<>();
    /// Those that are being made count already.
    private final AtomicInteger places;

    private volatile boolean closed;

    private record Endpoint(EndpointKind kind, SessionSource source) {}

    SessionService(SignalingServerConfig config) {
        this.config = config;
        this.rate = new RateLimit(config.requestsPerSecond());
        this.places = new AtomicInteger(config.sessionsLimit());
    }

    void add(String path, EndpointKind kind, SessionSource source) {
        if (!path.matches("(/[A-Za-z0-9._~-]+)+")) {
            throw new IllegalArgumentException("an endpoint's path is /words of letters, digits and - . _ ~");
        }
        if (endpoints.size() >= ENDPOINTS_LIMIT) {
            throw new IllegalStateException("a server has at most " + ENDPOINTS_LIMIT + " endpoints");
        }
        if (endpoints.putIfAbsent(path, new Endpoint(kind, source)) != null) {
            throw new IllegalArgumentException("there is an endpoint already at " + path);
        }
    }

    int sessions() {
        return sessions.size();
    }

    Response handle(Request request, long nowNanos) {
        return withCors(answer(request, nowNanos));
    }

    /// "The WHIP endpoints and sessions MUST support Cross-Origin Resource Sharing": any page may ask, since the token
    /// and not the page is what lets a client in.
    private static Response withCors(Response response) {
        return response.with("Access-Control-Allow-Origin", "*")
                .with("Access-Control-Expose-Headers", "Location, ETag, Link, Retry-After");
    }

    private Response answer(Request request, long nowNanos) {
        if (!rate.allows(request.remote(), nowNanos)) {
            return Response.error(429, "Too many requests.").with("Retry-After", "1");
        }
        Endpoint endpoint = endpoints.get(request.path());
        if (request.method().equals("OPTIONS")) {
            // before anything is known of who asks: a preflight carries no token
            return options(endpoint != null);
        }
        if (!authorized(request)) {
            return Response.error(401, "A bearer token is needed.").with("WWW-Authenticate", "Bearer");
        }
        if (endpoint != null) {
            return switch (request.method()) {
                case "POST" -> create(endpoint, request, nowNanos);
                case "GET" -> Response.of(204);
                default -> Response.error(405, "This is an endpoint.").with("Allow", ENDPOINT_METHODS);
            };
        }
        ServerSession session = sessions.get(request.path());
        if (session == null) {
            return Response.error(404, "There is no such endpoint or session.");
        }
        return switch (request.method()) {
            case "PATCH" -> patch(session, request);
            case "DELETE" -> delete(request.path(), session);
            case "GET" -> Response.of(204);
            default -> Response.error(405, "This is a session.").with("Allow", SESSION_METHODS);
        };
    }

    private static Response options(boolean endpoint) {
        Response response = Response.of(200)
                .with("Access-Control-Allow-Methods", endpoint ? ENDPOINT_METHODS : SESSION_METHODS)
                .with("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match")
                .with("Access-Control-Max-Age", "600")
                .with("Allow", endpoint ? ENDPOINT_METHODS : SESSION_METHODS);
        return endpoint
                ? response.with("Accept-Post", MediaTypes.SDP)
                : response.with("Accept-Patch", MediaTypes.FRAGMENT);
    }

    private boolean authorized(Request request) {
        if (config.bearerToken().isEmpty()) {
            return true;
        }
        String header = request.header("authorization");
        return header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && MessageDigest.isEqual(
                        header.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8),
                        config.bearerToken().getBytes(StandardCharsets.UTF_8));
    }

    private Response create(Endpoint endpoint, Request request, long nowNanos) {
        if (!MediaTypes.is(request.header("content-type"), MediaTypes.SDP)) {
            return Response.error(415, "An offer is " + MediaTypes.SDP + ".").with("Accept-Post", MediaTypes.SDP);
        }
        SdpResult read = dev.nearhand.transport.sdp.SessionDescription.parse(request.body());
        if (!(read instanceof dev.nearhand.transport.sdp.SessionDescription offer)) {
            return Response.error(400, "The offer cannot be read: " + read + ".");
        }
        if (!Descriptions.fits(offer, endpoint.kind == EndpointKind.WHIP)) {
            return Response.error(
                    400,
                    endpoint.kind == EndpointKind.WHIP
                            ? "An offer to publish has media that is sendonly or sendrecv."
                            : "An offer to watch has media that is recvonly or sendrecv.");
        }
        if (places.getAndDecrement() <= 0) {
            places.getAndIncrement();
            return busy(503, BUSY_SECONDS, "All places are taken.");
        }
        boolean made = false;
        try {
            Response response = answerOffer(endpoint, request, offer, nowNanos);
            made = response.ok();
            return response;
        } finally {
            if (!made) {
                places.getAndIncrement();
            }
        }
    }

    private static Response busy(int status, long seconds, String sentence) {
        return Response.error(status, sentence).with("Retry-After", Long.toString(seconds));
    }

    private Response answerOffer(
            Endpoint endpoint, Request request, dev.nearhand.transport.sdp.SessionDescription offer, long nowNanos) {
        SessionDescription described = SessionDescription.offer(request.body());
        PeerConnection connection;
        try {
            connection = endpoint.source.open(
                    new SessionRequest(request.path(), endpoint.kind, described, request.fromThisMachine()));
        } catch (SessionRefused refused) {
            String sentence = String.valueOf(refused.getMessage());
            Duration after = refused.retryAfter();
            return after.isZero()
                    ? Response.error(refused.status(), sentence)
                    : busy(refused.status(), Math.max(1, after.toSeconds()), sentence);
        } catch (TransportException failure) {
            LOG.warn("no connection can be made", failure);
            return busy(503, BUSY_SECONDS, "No connection can be made now.");
        }
        String answer;
        try {
            answer = connection.answerAsync(described).join().sdp();
        } catch (CompletionException failure) {
            connection.close();
            if (failure.getCause() instanceof TransportException refused) {
                return Response.error(400, "The offer cannot be met: " + refused.getMessage() + ".");
            }
            throw failure;
        }
        // "the WHIP endpoint MUST reject the HTTP POST request" rather than answer with nothing in it
        if (!Descriptions.takesSomething(Descriptions.ours(answer))) {
            connection.close();
            return Response.error(406, "None of the offered formats is spoken here.");
        }
        return created(request.path(), new ServerSession(connection, offer, nowNanos), answer);
    }

    private Response created(String path, ServerSession session, String answer) {
        byte[] id = new byte[ID_BYTES];
        SECRETS.nextBytes(id);
        String resource = path + "/" + HexFormat.of().formatHex(id);
        sessions.put(resource, session);
        if (closed) {
            end(resource, session);
            return busy(503, BUSY_SECONDS, "The server is closing.");
        }
        LOG.info("a session has begun, {} in all", sessions.size());
        Response response = Response.of(201, MediaTypes.SDP, Descriptions.withMuxOnly(answer))
                .with("Location", resource)
                .with("ETag", session.entityTag());
        for (IceServer server : config.iceServers()) {
            response = response.with("Link", IceServerLinks.write(server));
        }
        return response;
    }

    private static Response patch(ServerSession session, Request request) {
        if (!MediaTypes.is(request.header("content-type"), MediaTypes.FRAGMENT)) {
            return Response.error(415, "A change is " + MediaTypes.FRAGMENT + ".")
                    .with("Accept-Patch", MediaTypes.FRAGMENT);
        }
        return switch (SdpFragment.parse(request.body())) {
            case SdpFragment.Malformed malformed ->
                Response.error(400, "The fragment cannot be read: " + malformed + ".");
            case SdpFragment.Read(SdpFragment fragment) ->
                session.patch(fragment, request.header("if-match").strip());
        };
    }

    private Response delete(String path, ServerSession session) {
        end(path, session);
        return Response.of(200);
    }

    private void end(String path, ServerSession session) {
        if (sessions.remove(path, session)) {
            places.getAndIncrement();
            session.close();
            LOG.info("a session has ended, {} are left", sessions.size());
        }
    }

    /// Forgets the sessions that are over; called once a second.
    void sweep(long nowNanos) {
        long limit = config.connectLimit().toNanos();
        sessions.forEach((path, session) -> {
            if (session.isOver(nowNanos, limit)) {
                end(path, session);
            }
        });
    }

    /// Ends all sessions, and takes no more.
    void close() {
        closed = true;
        sessions.forEach(this::end);
    }
}
