package dev.nearhand.transport.netty;

import io.netty.resolver.dns.DefaultDnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.resolver.dns.UnixResolverDnsServerAddressStreamProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who is asked about services, and in which domain this machine is.
///
/// @param provider read each time, as networks change; empty when the system names no server
/// @param domain that of this machine; empty when it is in none
record NameServers(Supplier<Optional<DnsServerAddressStreamProvider>> provider, Supplier<Optional<String>> domain) {
    private static final Logger LOG = LoggerFactory.getLogger(NameServers.class);
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final int FILE_LIMIT_BYTES = 1 << 16;

    /// What Netty takes when the system tells it nothing. Nobody has asked for these.
    private static final Set<String> UNASKED =
            Set.of("8.8.8.8", "8.8.4.4", "2001:4860:4860::8888", "2001:4860:4860::8844");

    /// Those of this machine.
    static NameServers system() {
        return new NameServers(() -> of(RESOLV_CONF), () -> domainOf(RESOLV_CONF));
    }

    static NameServers of(List<InetSocketAddress> servers, Optional<String> domain) {
        return new NameServers(() -> Optional.of(new SequentialDnsServerAddressStreamProvider(servers)), () -> domain);
    }

    private static Optional<DnsServerAddressStreamProvider> of(Path file) {
        if (Files.isReadable(file)) {
            try {
                return Optional.of(new UnixResolverDnsServerAddressStreamProvider(file.toFile()));
            } catch (IOException | IllegalArgumentException unusable) {
                return Optional.empty(); // no server in it, say
            }
        }
        boolean isOfSystem = DefaultDnsServerAddressStreamProvider.defaultAddressList().stream()
                .noneMatch(server -> UNASKED.contains(server.getAddress().getHostAddress()));
        return isOfSystem ? Optional.of(DefaultDnsServerAddressStreamProvider.INSTANCE) : Optional.empty();
    }

    /// The last `search` or `domain` line counts, as resolv.conf(5) says; of a list the first.
    private static Optional<String> domainOf(Path file) {
        Optional<String> domain = Optional.empty();
        try {
            if (Files.isReadable(file) && Files.size(file) <= FILE_LIMIT_BYTES) {
                for (String line : Files.readAllLines(file)) {
                    String[] words = line.strip().split("\\s+");
                    if (words.length > 1 && (words[0].equals("search") || words[0].equals("domain"))) {
                        domain = Optional.of(words[1].toLowerCase(Locale.ROOT));
                    }
                }
            }
        } catch (IOException unreadable) {
            LOG.debug("the domain of this machine is not known");
        }
        return domain.or(() -> Optional.ofNullable(System.getenv("USERDNSDOMAIN")))
                .map(name -> name.toLowerCase(Locale.ROOT))
                .map(name -> name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
    }
}
