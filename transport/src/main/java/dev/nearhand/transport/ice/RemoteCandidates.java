package dev.nearhand.transport.ice;

import dev.nearhand.transport.wire.Path;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The other side's candidates, one for each address, whether signalled or learned from its checks.
final class RemoteCandidates {
    /// Further ones are not taken.
    static final int LIMIT = 64;

    private static final int LAST_SYSTEM_PORT = 1023;
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /// A server may listen on the same port of both transports.
    private record Place(InetSocketAddress address, boolean tcp) {
        static Place of(Candidate candidate) {
            return new Place(candidate.address(), candidate.isTcp());
        }
    }

    private final Map<Place, Candidate> byAddress = new LinkedHashMap<>();
    private int reflexives;

    Iterable<Candidate> all() {
        return byAddress.values();
    }

    int size() {
        return byAddress.size();
    }

    @Nullable
    Candidate find(Candidate like) {
        return byAddress.get(Place.of(like));
    }

    /// Who is at the far end of a path, or null.
    @Nullable
    Candidate at(Path path) {
        return byAddress.get(new Place(path.remote(), path.stream()));
    }

    boolean isFull() {
        return byAddress.size() >= LIMIT;
    }

    void put(Candidate candidate) {
        byAddress.put(Place.of(candidate), candidate);
    }

    /// A candidate for the source of a check that no one had told of (RFC 8445 section 7.3.1.3).
    ///
    /// @param local where the check has come to
    /// @param priority what the check's PRIORITY says
    Candidate learn(Candidate local, InetSocketAddress source, long priority) {
        TcpType tcpType = local.tcpType();
        Candidate reflexive = new Candidate(
                "prflx" + ++reflexives, // "an arbitrary value, different from the foundations of all other"
                1,
                local.transport(),
                Math.min(priority, Candidate.MAX_PRIORITY),
                source,
                CandidateType.PRFLX,
                null,
                tcpType == null
                        ? Map.of()
                        : Map.of(TcpType.EXTENSION, tcpType.counterpart().token()));
        put(reflexive);
        return reflexive;
    }

    void forget(Candidate candidate) {
        byAddress.remove(Place.of(candidate));
    }

    void clear() {
        byAddress.clear();
    }

    /// Why a signalled candidate cannot be used here, as a counter's name, or null when it can.
    static @Nullable String reasonToIgnore(Candidate candidate) {
        if (candidate.isTcp() && candidate.tcpType() != TcpType.PASSIVE) {
            return "ignored.tcp"; // an active one comes by itself, and from another port than it says
        }
        if (candidate.isTcp() && !mayConnectTo(candidate.address().getPort())) {
            return "ignored.unusablePort";
        }
        return reasonNotToUse(candidate);
    }

    /// Whoever writes a description chooses where this host connects to: not to the services below 1024, a mail server
    /// say, except those of the web, where firewalls let connections out.
    private static boolean mayConnectTo(int port) {
        return port > LAST_SYSTEM_PORT || port == HTTP_PORT || port == HTTPS_PORT;
    }

    /// Why a candidate of either side cannot be used, or null when it can.
    static @Nullable String reasonNotToUse(Candidate candidate) {
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
