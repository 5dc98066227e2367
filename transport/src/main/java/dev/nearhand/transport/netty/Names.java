package dev.nearhand.transport.netty;

import dev.nearhand.transport.dns.DnsQuestion;
import dev.nearhand.transport.dns.DnsRecord;
import dev.nearhand.transport.mdns.ServiceBrowser;
import dev.nearhand.transport.turn.ServerCandidate;
import dev.nearhand.transport.turn.ServerUri;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The names that one connection has to do with: those of hosts of the local link and of servers, which it looks up,
/// and those of its own addresses, which [MdnsPublisher] answers for. Belongs to one event loop, where it also tells
/// what was found.
final class Names {
    /// Told on the loop.
    interface Listener {
        /// One of the addresses of a host of the local link.
        void onHost(String hostName, InetAddress address);

        /// The addresses of a server; none when its name has none.
        void onServer(String hostName, List<InetAddress> addresses);

        /// What is known of a service; nothing when it is not, or cannot be looked up.
        void onService(DnsQuestion question, List<DnsRecord> records);

        /// A TURN server has announced itself on the local link.
        void onAnnounced(ServerCandidate way);

        /// The domain that this machine is in.
        void onDomain(String name);

        /// Nothing more will be announced.
        void onDiscoveryEnd();
    }

    private static final String TURN_OVER_UDP = "_turn._udp.local";

    /// What is looked for on the local link. Not TLS: nobody can have a certificate for a name there.
    static final List<String> ANNOUNCED = List.of(TURN_OVER_UDP, "_turn._tcp.local");

    private static final Logger LOG = LoggerFactory.getLogger(Names.class);

    private final EventLoop loop;
    private final Listener listener;
    private final NameServers nameServers;
    private final Set<String> published = new HashSet<>();
    private @Nullable MdnsLookup lookup;
    private @Nullable ServiceLookup services;
    private @Nullable ServiceBrowse browse;
    private boolean closed;

    Names(EventLoop loop, Listener listener, NameServers nameServers) {
        this.loop = loop;
        this.listener = listener;
        this.nameServers = nameServers;
    }

    void resolveHost(String hostName) {
        if (lookup == null) {
            lookup = new MdnsLookup(loop, LocalAddresses.multicastInterfaces());
        }
        lookup.resolve(hostName, address -> listener.onHost(hostName, address));
    }

    /// The system's resolver blocks, in native code. On a virtual thread it would keep one of the carriers, of which
    /// there are as few as processors: two names that nobody answers for would hold up every handshake of the
    // process.
    void resolveServer(String hostName) {
        Thread.ofPlatform().daemon().name("nearhand-resolve").start(() -> {
            List<InetAddress> addresses = addressesOf(hostName);
            loop.execute(() -> listener.onServer(hostName, addresses));
        });
    }

    void resolveService(DnsQuestion question) {
        if (services == null) {
            services = new ServiceLookup(loop, nameServers);
        }
        services.ask(question, records -> listener.onService(question, records));
    }

    /// Looks for the TURN servers of this network ([RFC 8155](https://www.rfc-editor.org/rfc/rfc8155)). The
    /// system is asked elsewhere: that may take its time.
    void discover() {
        Thread.ofPlatform().daemon().name("nearhand-discover").start(() -> {
            Optional<String> domain = nameServers.domain().get();
            List<NetworkInterface> interfaces = LocalAddresses.multicastInterfaces();
            loop.execute(() -> {
                if (!closed) {
                    domain.ifPresent(listener::onDomain);
                    browse = new ServiceBrowse(
                            loop,
                            interfaces,
                            ANNOUNCED,
                            found -> listener.onAnnounced(new ServerCandidate(found.address(), transportOf(found))),
                            listener::onDiscoveryEnd);
                }
            });
        });
    }

    private static ServerUri.Transport transportOf(ServiceBrowser.Found found) {
        return found.type().equals(TURN_OVER_UDP) ? ServerUri.Transport.UDP : ServerUri.Transport.TCP;
    }

    private static List<InetAddress> addressesOf(String hostName) {
        try {
            return List.of(InetAddress.getAllByName(hostName));
        } catch (UnknownHostException unknown) {
            LOG.warn("the name of an ICE server has no address; check its spelling and the network");
            return List.of();
        }
    }

    void publish(String hostName, InetAddress address) {
        published.add(hostName);
        MdnsPublisher.shared().publish(hostName, address);
    }

    void withdraw(String hostName) {
        if (published.remove(hostName)) {
            MdnsPublisher.shared().withdraw(hostName);
        }
    }

    /// Empty where nothing has been published.
    Map<String, Long> counters() {
        return published.isEmpty() ? Map.of() : MdnsPublisher.shared().counters();
    }

    void close() {
        closed = true;
        if (browse != null) {
            browse.close();
        }
        published.forEach(MdnsPublisher.shared()::withdraw);
        published.clear();
        if (lookup != null) {
            lookup.close();
        }
        if (services != null) {
            services.close();
        }
    }
}
