package dev.nearhand.transport.netty;

import dev.nearhand.transport.dns.DnsQuestion;
import dev.nearhand.transport.dns.DnsRecord;
import dev.nearhand.transport.turn.ServerCandidate;
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

    /// What is looked for on the local link. Not TLS: nobody can have a certificate for a name there.
    static final List<String> ANNOUNCED = List.of(LocalNames.TURN_OVER_UDP, "_turn._tcp.local");

    private static final Logger LOG = LoggerFactory.getLogger(Names.class);

    private final EventLoop loop;
    private final Listener listener;
    private final NameServers nameServers;
    private final Set<String> published = new HashSet<>();
    private @Nullable LocalNames localNames;
    private @Nullable ServiceLookup services;
    private boolean closed;

    Names(EventLoop loop, Listener listener, NameServers nameServers) {
        this.loop = loop;
        this.listener = listener;
        this.nameServers = nameServers;
    }

    void resolveHost(String hostName) {
        localNames().resolve(hostName);
    }

    private LocalNames localNames() {
        LocalNames used = localNames;
        if (used == null) {
            used = new LocalNames(this::tell, listener);
            localNames = used;
        }
        return used;
    }

    /// From any thread.
    private void tell(Runnable news) {
        loop.execute(() -> {
            if (!closed) {
                news.run();
            }
        });
    }

    /// The system's resolver blocks, in native code. On a virtual thread it would keep one of the carriers, of which
    /// there are as few as processors: two names that nobody answers for would hold up every handshake of
    /// the process.
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
            tell(() -> {
                domain.ifPresent(listener::onDomain);
                localNames().discover(interfaces);
            });
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
        published.forEach(MdnsPublisher.shared()::withdraw);
        published.clear();
        if (localNames != null) {
            localNames.close();
        }
        if (services != null) {
            services.close();
        }
    }
}
