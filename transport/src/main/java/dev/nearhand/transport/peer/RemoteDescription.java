package dev.nearhand.transport.peer;

import java.util.List;

/// A description of the other side, as far as it concerns us.
///
/// @param bundle the mids of its BUNDLE group, in order; empty when it has none
record RemoteDescription(List<RemoteSection> sections, List<String> bundle, boolean iceLite) {
    /// Says nothing.
    static final RemoteDescription NONE = new RemoteDescription(List.of(), List.of(), false);
}
