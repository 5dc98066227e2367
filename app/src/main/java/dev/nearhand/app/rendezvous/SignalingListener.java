package dev.nearhand.app.rendezvous;

import dev.nearhand.app.signaling.Door;
import dev.nearhand.app.signaling.SignalMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/// The host's WebSocket listener: HTTP and JSON in, [SignalMessage]s out to a [Door]. Knows no codes and no sessions.
///
/// At most [#VISITORS_LIMIT] connections at a time; more are closed at once. Whoever says nothing useful for a while is
/// closed too, see [VisitorHandler].
public final class SignalingListener implements AutoCloseable {
    static final int VISITORS_LIMIT = 32;

    private static final String WHAT_THIS_IS =
            "This machine shares its screen with Nearhand. Connect with: nearhand view ADDRESS CODE\n";

    private final WebSocketListener listener;

    private SignalingListener(WebSocketListener listener) {
        this.listener = listener;
    }

    /// Listens on the same port of every address.
    ///
    /// @param addresses empty means all of this machine
    /// @param port 0 takes any free one
    /// @throws IOException when one of them cannot be opened; none is open then
    public static SignalingListener open(List<InetAddress> addresses, int port, Door door) throws IOException {
        return new SignalingListener(WebSocketListener.open(
                addresses,
                port,
                new WebSocketListener.Setup(
                        "nearhand-listener",
                        Door.PATH,
                        VISITORS_LIMIT,
                        SignalMessage.LIMIT_BYTES,
                        () -> new RequestFilter(Door.PATH::equals, WHAT_THIS_IS),
                        () -> new VisitorHandler(door),
                        _ -> true)));
    }

    /// The TCP port in use.
    public int port() {
        return listener.port();
    }

    /// Closes the listener and every visitor.
    @Override
    public void close() {
        listener.close();
    }
}
