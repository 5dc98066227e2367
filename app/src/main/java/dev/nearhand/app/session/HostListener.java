package dev.nearhand.app.session;

/// Told what becomes of a [HostSession]. Calls come on threads of the session, one at a time, and must not block.
public interface HostListener {
    /// @param reason a sentence for a person
    void onState(HostState state, String reason);

    /// Whether the viewer may steer has changed.
    ///
    /// @param reason a sentence for a person; why not, when this machine itself cannot be steered
    void onControl(boolean allowed, String reason);
}
