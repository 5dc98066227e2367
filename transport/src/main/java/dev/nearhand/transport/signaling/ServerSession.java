package dev.nearhand.transport.signaling;

import dev.nearhand.transport.api.ConnectionState;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.SessionDescription;
import dev.nearhand.transport.api.TransportException;
import dev.nearhand.transport.sdp.SdpFragment;

/// A session that an endpoint has created: its connection, and the identity of its ICE session. Any thread.
final class ServerSession {
    private final PeerConnection connection;
    private final long createdNanos;

    private dev.nearhand.transport.sdp.SessionDescription offer;
    private int generation;
    private boolean wasConnected;

    ServerSession(PeerConnection connection, dev.nearhand.transport.sdp.SessionDescription offer, long nowNanos) {
        this.connection = connection;
        this.offer = offer;
        this.createdNanos = nowNanos;
    }

    /// "a unique strong entity-tag identifying the ICE session"
    synchronized String entityTag() {
        return "\"ice-" + generation + "\"";
    }

    /// Candidates of the client, or its wish to restart ICE.
    synchronized Response patch(SdpFragment fragment, String ifMatch) {
        String tag = entityTag();
        boolean any = ifMatch.equals("*") || ifMatch.equals("\"*\""); // the RFC's example has it in quotes
        if (ifMatch.isEmpty()) {
            return Response.error(428, "If-Match has to name the ICE session, or be * to restart it.");
        }
        if (!any && !ifMatch.equals(tag)) {
            return Response.error(412, "This is another ICE session by now.");
        }
        if (isOther(fragment)) {
            return restart(fragment);
        }
        fragment.candidates().forEach(candidate -> connection.addRemoteCandidate(Descriptions.attribute(candidate)));
        return Response.of(204);
    }

    /// "any WHIP session receiving an updated "ice-pwd" and "ice-ufrag" attributes MUST consider the request as
    /// performing an ICE restart"
    private boolean isOther(SdpFragment fragment) {
        SdpFragment present = SdpFragment.of(offer, false);
        return fragment.iceUfrag().isPresent()
                && fragment.icePwd().isPresent()
                && !(fragment.iceUfrag().equals(present.iceUfrag())
                        && fragment.icePwd().equals(present.icePwd()));
    }

    /// On failure "the resource MUST ... keep the existing ICE session".
    private Response restart(SdpFragment fragment) {
        dev.nearhand.transport.sdp.SessionDescription next = fragment.applyTo(offer);
        try {
            String answer = connection
                    .answerAsync(SessionDescription.offer(next.write()))
                    .join()
                    .sdp();
            offer = next;
            generation++;
            String body = SdpFragment.of(Descriptions.ours(answer), true).write();
            return Response.of(200, MediaTypes.FRAGMENT, body).with("ETag", entityTag());
        } catch (RuntimeException failure) {
            if (failure instanceof TransportException || failure.getCause() instanceof TransportException) {
                return Response.error(422, "ICE cannot be restarted so.");
            }
            throw failure;
        }
    }

    /// Whether nothing will come of it any more.
    synchronized boolean isOver(long nowNanos, long connectLimitNanos) {
        ConnectionState state = connection.state();
        wasConnected |= state == ConnectionState.CONNECTED;
        return state == ConnectionState.CLOSED
                || state == ConnectionState.FAILED
                || (!wasConnected && nowNanos - createdNanos > connectLimitNanos);
    }

    void close() {
        connection.close();
    }
}
