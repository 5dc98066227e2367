package dev.nearhand.transport.signaling;

import dev.nearhand.transport.api.IceCandidate;
import dev.nearhand.transport.api.IceServer;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.SessionDescription;
import dev.nearhand.transport.api.TransportException;
import dev.nearhand.transport.sdp.SdpFragment;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The client's side of a session at a WHIP or WHEP server: keeps it informed of candidates, restarts ICE, and ends it.
///
/// Methods may be called from any thread. Requests go out one after another, on one virtual thread.
public final class HttpSession implements AutoCloseable {
    /// Candidates that wait for a request; more than a host has, later ones are left out.
    static final int CANDIDATES_LIMIT = 64;

    private static final Logger LOG = LoggerFactory.getLogger(HttpSession.class);
    private static final Duration GOODBYE_LIMIT = Duration.ofSeconds(2);

    private final PeerConnection connection;
    private final HttpCalls calls;
    private final ExecutorService requests = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("nearhand-http-session").factory());

    // of the thread of requests; visible to others once the session is handed out
    private volatile @Nullable URI location;
    private volatile List<IceServer> iceServers = List.of();
    private String entityTag = "";
    private String offer = "";
    private String answer = "";

    // guarded by this
    private final List<String> waiting = new ArrayList<>();
    private boolean lastCandidate;
    private boolean created;
    private boolean trickles = true;
    private boolean closed;

    private HttpSession(HttpEndpoint endpoint, PeerConnection connection) {
        this.connection = connection;
        this.calls = new HttpCalls(endpoint);
    }

    static CompletableFuture<HttpSession> open(HttpEndpoint endpoint, PeerConnection connection) {
        HttpSession session = new HttpSession(endpoint, connection);
        connection.onIceCandidate(session::found);
        return connection
                .offerAsync()
                .thenCompose(offer -> session.submit(() -> session.create(offer)))
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        session.release();
                    }
                });
    }

    static CompletableFuture<List<IceServer>> iceServers(HttpEndpoint endpoint) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (HttpCalls calls = new HttpCalls(endpoint)) {
                        HttpCalls.Answer answer = calls.following("OPTIONS", "", "");
                        return answer.ok()
                                ? IceServerLinks.read(answer.headers().getOrDefault("link", List.of()))
                                : List.of();
                    } catch (TransportException notAnswered) {
                        return List.of();
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                        return List.of();
                    }
                },
                Thread::startVirtualThread);
    }

    /// The address of the session at the server; empty when the server did not say it, and then neither trickle nor
    /// restart nor goodbye is possible.
    public Optional<URI> location() {
        return Optional.ofNullable(location);
    }

    /// The ICE servers that came with the server's answer: too late for this connection, for the next one.
    public List<IceServer> iceServers() {
        return iceServers;
    }

    /// Restarts ICE (RFC 9725 section 4.3.3): both sides look for a path anew, for instance after a change of network.
    /// Fails with a `TransportException` when the server does not do it; the session goes on as it was.
    public CompletableFuture<Void> restartIce() {
        return submit(() -> {
            restart();
            return (Void) null;
        });
    }

    /// Ends the session at the server and closes the connection; waits for the server 2 s at most. Closing twice does
    /// no harm.
    @Override
    public void close() {
        boolean first;
        synchronized (this) {
            first = !closed;
            closed = true;
        }
        if (!first) {
            return;
        }
        connection.close();
        CompletableFuture<Void> goodbye = CompletableFuture.runAsync(this::delete, Thread::startVirtualThread);
        try {
            goodbye.orTimeout(GOODBYE_LIMIT.toMillis(), TimeUnit.MILLISECONDS).join();
        } catch (CompletionException late) {
            LOG.info("the server did not answer the goodbye in time");
        }
        release();
    }

    private void release() {
        requests.shutdownNow();
        calls.close();
    }

    private <T> CompletableFuture<T> submit(Callable<T> request) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            requests.execute(() -> {
                try {
                    result.complete(request.call());
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                    result.completeExceptionally(closedException());
                } catch (Exception failure) {
                    result.completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException over) {
            result.completeExceptionally(closedException());
        }
        return result;
    }

    private static TransportException closedException() {
        return new TransportException(TransportException.Code.CLOSED, "the session is closed");
    }

    // --- the thread of requests

    private HttpSession create(SessionDescription offered) throws InterruptedException {
        offer = offered.sdp();
        HttpCalls.Answer created = calls.create(Descriptions.withMuxOnly(offer));
        location = created.header("location").map(created.uri()::resolve).orElse(null);
        iceServers = IceServerLinks.read(created.headers().getOrDefault("link", List.of()));
        entityTag = created.header("etag").orElse("");
        answer = created.body();
        try {
            if (!created.carries(MediaTypes.SDP)) {
                throw new TransportException(
                        TransportException.Code.BAD_DESCRIPTION,
                        "The server answers, but not as WHIP and WHEP do; check the address.");
            }
            connection.setRemoteDescription(SessionDescription.answer(answer));
        } catch (TransportException unusable) {
            delete();
            throw unusable;
        }
        synchronized (this) {
            this.created = true;
        }
        trickle();
        return this;
    }

    /// A candidate of ours; on the connection's loop.
    private void found(IceCandidate candidate) {
        boolean now;
        synchronized (this) {
            if (candidate.candidate().isEmpty()) {
                lastCandidate = true;
                return;
            }
            if (!trickles || waiting.size() >= CANDIDATES_LIMIT) {
                return;
            }
            waiting.add(Descriptions.value(candidate.candidate()));
            now = created;
        }
        // "it MUST wait and buffer any gathered candidates until the 201 Created"
        if (now) {
            submit(() -> {
                trickle();
                return (Void) null;
            });
        }
    }

    private void trickle() throws InterruptedException {
        List<String> candidates;
        boolean end;
        synchronized (this) {
            candidates = List.copyOf(waiting);
            waiting.clear();
            end = lastCandidate;
        }
        URI resource = location;
        if (candidates.isEmpty() || resource == null) {
            return;
        }
        String fragment = SdpFragment.of(Descriptions.ours(offer), false)
                .withCandidates(candidates, end)
                .write();
        int status = status(() -> calls.once("PATCH", resource, MediaTypes.FRAGMENT, entityTag, fragment));
        if (status >= 400 && status != 412) {
            LOG.info("the server takes no candidates later ({})", status);
            synchronized (this) {
                trickles = false;
            }
        }
    }

    /// 0 when there was no answer: the next request may get one.
    private static int status(Callable<HttpCalls.Answer> request) throws InterruptedException {
        try {
            return request.call().status();
        } catch (InterruptedException stopped) {
            throw stopped;
        } catch (Exception notAnswered) {
            return 0;
        }
    }

    private void restart() throws InterruptedException {
        URI resource = location;
        if (resource == null) {
            throw new TransportException(
                    TransportException.Code.REFUSED, "The server has named no session, so nothing can be restarted.");
        }
        connection.restartIce();
        SessionDescription next = connection.createOffer();
        String fragment = SdpFragment.of(Descriptions.ours(next.sdp()), true).write();
        HttpCalls.Answer reply = HttpCalls.requireOk(calls.once("PATCH", resource, MediaTypes.FRAGMENT, "*", fragment));
        if (!reply.carries(MediaTypes.FRAGMENT)
                || !(SdpFragment.parse(reply.body()) instanceof SdpFragment.Read(SdpFragment theirs))
                || !(dev.nearhand.transport.sdp.SessionDescription.parse(answer)
                        instanceof dev.nearhand.transport.sdp.SessionDescription before)) {
            throw new TransportException(
                    TransportException.Code.BAD_DESCRIPTION, "The server's answer to the restart makes no sense.");
        }
        String after = theirs.applyTo(before).write();
        connection.setLocalDescription(next);
        connection.setRemoteDescription(SessionDescription.answer(after));
        offer = next.sdp();
        answer = after;
        entityTag = reply.header("etag").orElse(entityTag);
    }

    private void delete() {
        URI resource = location;
        if (resource == null) {
            return;
        }
        try {
            // "WHIP clients SHOULD NOT use entity-tag validation when matching a specific ICE session is not required"
            int status = calls.once("DELETE", resource, "", "", "").status();
            LOG.debug("the server ended the session with {}", status);
        } catch (TransportException gone) {
            LOG.debug("the server is gone already");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /// Says no address.
    @Override
    public String toString() {
        return "HttpSession[" + connection.state() + "]";
    }
}
