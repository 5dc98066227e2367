package dev.nearhand.app.session;

/// Told by a session what its connection needs from the world outside of it. Calls come on the connection's thread and
/// must not block it.
public interface PathListener {
    /// For sessions whose connection never changes.
    PathListener NONE = _ -> {};

    /// The other side is to learn of this candidate of this side.
    void onLocal(PathMessage.Candidate candidate);
}
