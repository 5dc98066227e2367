package dev.nearhand.app.connect;

import dev.nearhand.app.link.WebRtcFeed;
import dev.nearhand.app.local.LocalMachine;
import dev.nearhand.app.session.PictureWatch;
import dev.nearhand.app.session.SessionStats;
import dev.nearhand.app.session.ViewerListener;
import dev.nearhand.app.session.ViewerState;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.signaling.HttpEndpoint;
import dev.nearhand.transport.signaling.HttpSession;
import dev.nearhand.transport.signaling.SessionRefused;
import dev.nearhand.transport.signaling.SignalingServer;
import dev.nearhand.transport.signaling.SignalingServerConfig;
import dev.nearhand.transport.signaling.WhepClient;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// A look at what other people's programs publish: from a WHEP server, or sent to this machine by WHIP. It can be seen,
/// not steered. Any thread; only [#close] waits.
public final class PublicationView implements RemoteScreen {
    /// Where publishers find it, below the address of the server.
    public static final String WHIP_PATH = "/whip";

    private static final Duration ASK_AGAIN = Duration.ofSeconds(10);

    private final ViewerListener listener;
    private final PeerConfig peers;
    private @Nullable PictureWatch watch;
    private @Nullable HttpSession session;
    private @Nullable SignalingServer server;
    private boolean closed;

    private PublicationView(IceSettings ice, ViewerListener listener) {
        PeerConnection.warmUp();
        LocalMachine.warmUpCodecs();
        this.peers = ice.peers();
        this.listener = listener;
    }

    /// Begins to watch from a WHEP server; everything else comes through `listener`, also every failure.
    public static PublicationView fromWhep(HttpEndpoint endpoint, IceSettings ice, ViewerListener listener) {
        PublicationView view = new PublicationView(ice, listener);
        listener.onState(ViewerState.CONNECTING, "Asking the server …");
        PeerConnection connection = PeerConnection.create(view.peers.withLoopback(
                LocalAddresses.isThisMachine(endpoint.url().getHost())));
        view.watch(connection);
        WhepClient.play(endpoint, connection, false).whenComplete((agreed, failure) -> {
            if (agreed != null) {
                view.agreed(agreed);
            } else if (failure != null) {
                Thread.startVirtualThread(() -> view.failed(failure));
            }
        });
        return view;
    }

    private void agreed(HttpSession made) {
        boolean late;
        synchronized (this) {
            late = closed;
            session = made;
        }
        if (late) {
            Thread.startVirtualThread(made::close);
        }
    }

    private void failed(Throwable failure) {
        String reason = failure instanceof RuntimeException known
                ? String.valueOf(HttpFailures.sentence(known).getMessage())
                : String.valueOf(failure.getMessage());
        Optional<PictureWatch> present = present();
        present.ifPresent(begun -> begun.stop(reason));
    }

    /// Waits for a publication at [#WHIP_PATH], the first one is shown; everything else comes through `listener`.
    ///
    /// @param listening told the TCP port in use
    /// @throws ConnectException when the port cannot be opened
    public static PublicationView fromWhip(
            SignalingServerConfig http, IceSettings ice, ViewerListener listener, IntConsumer listening) {
        PublicationView view = new PublicationView(ice, listener);
        try {
            SignalingServer open = SignalingServer.open(http);
            open.addWhip(WHIP_PATH, request -> view.publisher(http, request.fromThisMachine()));
            synchronized (view) {
                view.server = open;
            }
            listening.accept(open.port());
        } catch (dev.nearhand.transport.api.TransportException failure) {
            throw HttpFailures.sentence(failure);
        }
        listener.onState(ViewerState.CONNECTING, "Waiting for somebody to publish …");
        return view;
    }

    private PeerConnection publisher(SignalingServerConfig http, boolean thisMachine) throws SessionRefused {
        synchronized (this) {
            if (closed || watch != null) {
                throw SessionRefused.notNow(ASK_AGAIN, "Somebody else publishes already.");
            }
        }
        PeerConnection connection = PeerConnection.create(
                peers.withBindAddresses(http.bindAddresses()).withLoopback(thisMachine));
        watch(connection);
        return connection;
    }

    private synchronized void watch(PeerConnection connection) {
        watch = new PictureWatch(LocalMachine::decoder, new WebRtcFeed(connection), listener);
    }

    private synchronized Optional<PictureWatch> present() {
        return Optional.ofNullable(watch);
    }

    @Override
    public SessionStats stats() {
        return present()
                .map(PictureWatch::stats)
                .orElseGet(() -> new SessionStats(
                        Duration.ZERO, 0, 0, 0, 0, Duration.ZERO, "", new TreeMap<>(), new TreeMap<>()));
    }

    @Override
    public void close() {
        HttpSession agreed;
        SignalingServer open;
        Optional<PictureWatch> begun;
        synchronized (this) {
            closed = true;
            agreed = session;
            open = server;
            begun = present();
        }
        begun.ifPresent(PictureWatch::close);
        if (agreed != null) {
            agreed.close();
        }
        if (open != null) {
            open.close();
        }
        if (begun.isEmpty()) {
            listener.onState(ViewerState.ENDED, "You have stopped waiting.");
        }
    }
}
