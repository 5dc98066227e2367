package dev.nearhand.transport.signaling;

import dev.nearhand.transport.api.IceServer;
import dev.nearhand.transport.api.PeerConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Publishes to a server by WHIP ([RFC 9725](https://www.rfc-editor.org/rfc/rfc9725)).
///
/// Nothing here waits; requests run on virtual threads.
public final class WhipClient {
    private WhipClient() {}

    /// Offers the tracks of `connection`, and sets what the server answers. Candidates found later follow by
    /// themselves.
    ///
    /// Takes the connection's [PeerConnection#onIceCandidate]. Fails with a `TransportException`: `REFUSED` when
    /// the server says no, `UNREACHABLE` when there is no answer from it, `BAD_DESCRIPTION` when its answer makes
    /// no sense; the connection is the caller's to close then.
    ///
    /// @param connection with its tracks added (one of a kind: section 4.4.2), not yet offered
    public static CompletableFuture<HttpSession> publish(HttpEndpoint endpoint, PeerConnection connection) {
        return HttpSession.open(endpoint, connection);
    }

    /// The ICE servers that an endpoint names in its answer to an `OPTIONS` request, as many do: for the connection
    /// that is to be published. Empty when it names none, or does not answer that.
    public static CompletableFuture<List<IceServer>> iceServers(HttpEndpoint endpoint) {
        return HttpSession.iceServers(endpoint);
    }
}
