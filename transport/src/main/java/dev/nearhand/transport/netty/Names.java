package dev.nearhand.transport.netty;

import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks names up for one connection: hosts of the local link, and servers. Belongs to one event loop, where it also
/// answers.
final class Names {
    /// Told on the loop.
    interface Listener {
        /// One of the addresses of a host of the local link.
        void onHost(String hostName, InetAddress address);

        /// The addresses of a server; none when its name has none.
        void onServer(String hostName, List<InetAddress> addresses);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Names.class);

    private final EventLoop loop;
    private final Listener listener;
    private @Nullable MdnsLookup lookup;

    Names(EventLoop loop, Listener listener) {
        this.loop = loop;
        this.listener = listener;
    }

    void resolveHost(String hostName) {
        if (lookup == null) {
            lookup = new MdnsLookup(loop, LocalAddresses.multicastInterfaces());
        }
        lookup.resolve(hostName, address -> listener.onHost(hostName, address));
    }

    /// The system's resolver blocks.
    void resolveServer(String hostName) {
        Thread.ofVirtual().name("nearhand-resolve").start(() -> {
            List<InetAddress> addresses = addressesOf(hostName);
            loop.execute(() -> listener.onServer(hostName, addresses));
        });
    }

    private static List<InetAddress> addressesOf(String hostName) {
        try {
            return List.of(InetAddress.getAllByName(hostName));
        } catch (UnknownHostException unknown) {
            LOG.warn("the name of an ICE server has no address; check its spelling and the network");
            return List.of();
        }
    }

    void close() {
        if (lookup != null) {
            lookup.close();
        }
    }
}
