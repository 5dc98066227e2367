package dev.nearhand.app.session;

/// What a session's connection needs from the world outside of it: a way to the other side that does not need the
/// connection itself. Calls come on threads of the session and must not block.
public interface PathListener {
    /// For sessions whose connection never changes.
    PathListener NONE = _ -> {};

    /// The other side is to learn of this candidate of this side.
    void onLocal(PathMessage.Candidate candidate);

    /// The other side has said this through the connection itself.
    default void onRemote(PathMessage message) {}

    /// How the connection stands now. Also `DISCONNECTED` when nothing has come along it for a while.
    default void onLink(PeerLink.State state) {}

    /// Viewer: what lets this session, and no other, come back to the host. Replaces an earlier one.
    default void onTicket(String ticket) {}
}
