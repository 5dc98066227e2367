package dev.nearhand.transport.signaling;

import dev.nearhand.transport.api.IceServer;
import dev.nearhand.transport.api.PeerConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Watches from a server by WHEP (draft-ietf-wish-whep).
///
/// Nothing here waits; requests run on virtual threads.
public final class WhepClient {
    private WhepClient() {}

    /// Asks for one video track and, if wanted, one of sound, and sets what the server answers. Candidates found later
    /// follow by themselves. The tracks come to the connection's own callbacks, which are set before.
    ///
    /// Takes the connection's [PeerConnection#onIceCandidate]. Fails as [WhipClient#publish] does. A server to
    /// which nobody publishes says so by 409, and is asked again as long as the endpoint's patience lasts.
    ///
    /// @param connection not yet offered
    public static CompletableFuture<HttpSession> play(
            HttpEndpoint endpoint, PeerConnection connection, boolean withAudio) {
        connection.receiveVideo();
        if (withAudio) {
            connection.receiveAudio();
        }
        return HttpSession.open(endpoint, connection);
    }

    /// As [WhipClient#iceServers].
    public static CompletableFuture<List<IceServer>> iceServers(HttpEndpoint endpoint) {
        return HttpSession.iceServers(endpoint);
    }
}
