package dev.nearhand.transport.ice;

import dev.nearhand.transport.wire.Path;

/// What an [IceAgent] tells its owner.
public sealed interface IceEvent {
    /// The agent moved from one state to another.
    ///
    /// @param reason for people: what happened; holds no address
    record StateChanged(IceState from, IceState to, String reason) implements IceEvent {}

    /// Data goes out on this path from now on. Comes before the change to [IceState#CONNECTED], and again when another
    /// path is nominated.
    record PathSelected(Path path) implements IceEvent {}
}
