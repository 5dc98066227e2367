package dev.nearhand.transport.netty;

import dev.nearhand.transport.mdns.ServiceBrowser;
import dev.nearhand.transport.turn.ServerCandidate;
import dev.nearhand.transport.turn.ServerUri;
import io.netty.channel.EventLoop;
import java.net.NetworkInterface;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What one connection asks the local links. Its methods are called on the loop of the connection and do their work on
/// that of the multicast sockets; what is found goes back the same way.
final class LocalNames {
    static final String TURN_OVER_UDP = "_turn._udp.local";

    private final EventLoop loop = EventLoops.multicast();
    private final Consumer<Runnable> back;
    private final Names.Listener listener;

    // these belong to the loop of the multicast sockets
    private @Nullable MdnsLookup lookup;
    private @Nullable ServiceBrowse browse;
    private boolean closed;

    /// @param back runs what `listener` is told where it has to be
    LocalNames(Consumer<Runnable> back, Names.Listener listener) {
        this.back = back;
        this.listener = listener;
    }

    void resolve(String hostName) {
        loop.execute(() -> {
            if (closed) {
                return;
            }
            if (lookup == null) {
                lookup = new MdnsLookup(loop, LocalAddresses.multicastInterfaces());
            }
            lookup.resolve(hostName, address -> back.accept(() -> listener.onHost(hostName, address)));
        });
    }

    void discover(List<NetworkInterface> interfaces) {
        loop.execute(() -> {
            if (!closed) {
                browse = new ServiceBrowse(
                        loop,
                        interfaces,
                        Names.ANNOUNCED,
                        found -> {
                            ServerCandidate way = new ServerCandidate(found.address(), transportOf(found));
                            back.accept(() -> listener.onAnnounced(way));
                        },
                        () -> back.accept(listener::onDiscoveryEnd));
            }
        });
    }

    private static ServerUri.Transport transportOf(ServiceBrowser.Found found) {
        return found.type().equals(TURN_OVER_UDP) ? ServerUri.Transport.UDP : ServerUri.Transport.TCP;
    }

    void close() {
        loop.execute(() -> {
            closed = true;
            if (browse != null) {
                browse.close();
            }
            if (lookup != null) {
                lookup.close();
            }
        });
    }
}
