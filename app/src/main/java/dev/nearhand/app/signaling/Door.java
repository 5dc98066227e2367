package dev.nearhand.app.signaling;

/// What happens at the host's listener. Calls come on the listener's thread and must not block it.
public interface Door {
    /// The path of the WebSocket.
    String PATH = "/nearhand/v1";

    /// A message that is sound; others have closed the visitor's connection already.
    void onMessage(Visitor visitor, SignalMessage message);

    /// The visitor's WebSocket is closed, by whichever side.
    void onGone(Visitor visitor);

    /// One WebSocket. Any thread.
    interface Visitor {
        void send(SignalMessage message);

        /// Sends, then closes.
        void sendLast(SignalMessage message);

        void close();

        /// Whether it comes from this machine itself.
        boolean fromThisMachine();
    }
}
