package dev.nearhand.transport.signaling;

import dev.nearhand.transport.api.PeerConnection;

/// The application behind an endpoint: makes the connection that a session needs.
@FunctionalInterface
public interface SessionSource {
    /// A new connection, ready to answer the offer: callbacks set for what a publisher sends, tracks added for what a
    /// watcher sees. It must not have an `onIceCandidate` callback: the answer holds every candidate. The server
    /// sets the descriptions, and closes the connection when the session is over; that is how the application
    /// learns of it, by `onStateChange`.
    ///
    /// Called on a virtual thread, so it may wait, for instance for the person to allow it.
    ///
    /// @throws SessionRefused when it cannot be now
    PeerConnection open(SessionRequest request) throws SessionRefused;
}
