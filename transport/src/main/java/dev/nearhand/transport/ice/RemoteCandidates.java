package dev.nearhand.transport.ice;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The other side's candidates, one for each address, whether signalled or learned from its checks.
final class RemoteCandidates {
    /// Further ones are not taken.
    static final int LIMIT = 64;

    private final Map<InetSocketAddress, Candidate> byAddress = new LinkedHashMap<>();
    private int reflexives;

    Iterable<Candidate> all() {
        return byAddress.values();
    }

    int size() {
        return byAddress.size();
    }

    @Nullable
    Candidate find(InetSocketAddress address) {
        return byAddress.get(address);
    }

    boolean isFull() {
        return byAddress.size() >= LIMIT;
    }

    void put(Candidate candidate) {
        byAddress.put(candidate.address(), candidate);
    }

    /// A candidate for the source of a check that no one had told of (RFC 8445 section 7.3.1.3).
    ///
    /// @param priority what the check's PRIORITY says
    Candidate learn(InetSocketAddress source, long priority) {
        Candidate reflexive = new Candidate(
                "prflx" + ++reflexives, // "an arbitrary value, different from the foundations of all other"
                1,
                TransportProtocol.UDP,
                Math.min(priority, Candidate.MAX_PRIORITY),
                source,
                CandidateType.PRFLX,
                null,
                Map.of());
        put(reflexive);
        return reflexive;
    }

    void clear() {
        byAddress.clear();
    }

    /// Why a signalled candidate cannot be used here, as a counter's name, or null when it can.
    static @Nullable String reasonToIgnore(Candidate candidate) {
        if (candidate.transport() != TransportProtocol.UDP) {
            return "ignored.tcp";
        }
        if (candidate.component() != 1) {
            return "ignored.component";
        }
        InetAddress ip = candidate.address().getAddress();
        if (ip == null) {
            return "ignored.unresolved";
        }
        boolean usable = candidate.address().getPort() != 0 && !ip.isAnyLocalAddress() && !ip.isMulticastAddress();
        return usable ? null : "ignored.unusableAddress";
    }
}
