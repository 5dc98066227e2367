package dev.nearhand.app.session;

import dev.nearhand.app.session.protocol.ControlMessage;

/// One way to the other side.
@FunctionalInterface
interface MessageSender {
    /// Copies and never waits.
    ///
    /// @return false when the way is closed or full; the message is lost then
    boolean send(ControlMessage message);
}
