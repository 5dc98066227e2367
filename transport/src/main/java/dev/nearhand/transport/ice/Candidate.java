package dev.nearhand.transport.ice;

import dev.nearhand.transport.wire.Path;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// A transport address that may lead to a host (RFC 8445 section 5.1), as a candidate line describes it (RFC 8839
/// section 5.1).
///
/// @param foundation 1–32 characters, the same for candidates of the same kind, base address and server
/// @param component 1–256; with rtcp-mux only 1 is used
/// @param priority 0–2^31-1
/// @param address unresolved when the line names a host, such as an mDNS name
/// @param relatedAddress what a reflexive or relayed candidate was learned from, where it is told
/// @param extensions the other name-value pairs of the line, `tcptype` and `ufrag` among them, at most
///     [#EXTENSIONS_LIMIT]
public record Candidate(
        String foundation,
        int component,
        TransportProtocol transport,
        long priority,
        InetSocketAddress address,
        CandidateType type,
        @Nullable InetSocketAddress relatedAddress,
        Map<String, String> extensions) {
    /// Further extensions of a line are dropped.
    public static final int EXTENSIONS_LIMIT = 16;

    static final long MAX_PRIORITY = 0x7FFF_FFFFL;
    static final int MAX_FOUNDATION_LENGTH = 32;
    static final int MAX_COMPONENT = 256;

    public Candidate {
        if (foundation.isEmpty() || foundation.length() > MAX_FOUNDATION_LENGTH) {
            throw new IllegalArgumentException("a foundation has 1 to 32 characters, not " + foundation.length());
        }
        if (component < 1 || component > MAX_COMPONENT) {
            throw new IllegalArgumentException("a component is 1 to 256, not " + component);
        }
        if (priority < 0 || priority > MAX_PRIORITY) {
            throw new IllegalArgumentException("a priority is 0 to 2^31-1, not " + priority);
        }
        extensions = Collections.unmodifiableMap(new LinkedHashMap<>(extensions));
    }

    /// A UDP host candidate of component 1.
    ///
    /// @param localPreference 0–65535, higher is preferred; different for each address of this host
    ///     (RFC 8445 section 5.1.2.1, RFC 8421)
    public static Candidate host(InetSocketAddress local, int localPreference) {
        return ofThisHost(CandidateType.HOST, local, local, "", null, localPreference);
    }

    /// What a STUN server sees `base` as.
    ///
    /// @param localPreference the base's
    public static Candidate serverReflexive(
            InetSocketAddress mapped, InetSocketAddress base, InetSocketAddress server, int localPreference) {
        return ofThisHost(CandidateType.SRFLX, mapped, base, server.toString(), base, localPreference);
    }

    /// An address that a TURN server relays for this host; it is its own base.
    ///
    /// @param related the mapped address that the server told, or something that tells nothing
    /// @param localPreference that of the address the server is reached from
    public static Candidate relayed(
            InetSocketAddress relayed, InetSocketAddress related, InetSocketAddress server, int localPreference) {
        return ofThisHost(CandidateType.RELAY, relayed, relayed, server.toString(), related, localPreference);
    }

    /// An address of this host that connections leave from ([RFC 6544 section
    /// 4.1](https://www.rfc-editor.org/rfc/rfc6544#section-4.1)).
    ///
    /// @param localPreference 0–65535, as for [#host]
    public static Candidate tcpActive(InetAddress local, int localPreference) {
        return ofTcp(new InetSocketAddress(local, Path.ACTIVE_PORT), TcpType.ACTIVE, localPreference);
    }

    /// An address of this host that connections are accepted at.
    ///
    /// @param localPreference 0–65535, as for [#host]
    public static Candidate tcpPassive(InetSocketAddress local, int localPreference) {
        return ofTcp(local, TcpType.PASSIVE, localPreference);
    }

    private static Candidate ofTcp(InetSocketAddress local, TcpType tcpType, int localPreference) {
        return new Candidate(
                foundation(CandidateType.HOST, local, TransportProtocol.TCP.token()),
                1,
                TransportProtocol.TCP,
                priority(CandidateType.HOST.tcpPreference(), tcpType.localPreference(localPreference), 1),
                local,
                CandidateType.HOST,
                null,
                Map.of(TcpType.EXTENSION, tcpType.token()));
    }

    private static Candidate ofThisHost(
            CandidateType type,
            InetSocketAddress address,
            InetSocketAddress base,
            String server,
            @Nullable InetSocketAddress related,
            int localPreference) {
        return new Candidate(
                foundation(type, base, server),
                1,
                TransportProtocol.UDP,
                priority(type, localPreference, 1),
                address,
                type,
                related,
                Map.of());
    }

    /// Reads a candidate line, the value of `a=candidate` or of a trickled candidate, with or without `candidate:` in
    /// front; null when it is none that we understand, which is no reason to refuse the description it stands in.
    public static @Nullable Candidate parse(String line) {
        return CandidateLine.parse(line);
    }

    /// Whether a trickled candidate says that no more will come: it is empty.
    public static boolean isEndOfCandidates(String line) {
        return CandidateLine.withoutPrefix(line).isEmpty();
    }

    /// The line, `candidate:` in front.
    public String toAttribute() {
        return CandidateLine.format(this);
    }

    /// The same candidate at another address: a host name that has been looked up.
    public Candidate withAddress(InetSocketAddress resolved) {
        return new Candidate(foundation, component, transport, priority, resolved, type, relatedAddress, extensions);
    }

    /// [RFC 8445 section 5.1.2.1](https://www.rfc-editor.org/rfc/rfc8445#section-5.1.2.1).
    public static long priority(CandidateType type, int localPreference, int component) {
        return priority(type.preference(), localPreference, component);
    }

    private static long priority(int typePreference, int localPreference, int component) {
        if (localPreference < 0 || localPreference > 0xFFFF) {
            throw new IllegalArgumentException("a local preference is 0 to 65535, not " + localPreference);
        }
        return ((long) typePreference << 24) + ((long) localPreference << 8) + (256 - component);
    }

    /// "The priority that would be assigned to a peer-reflexive candidate" of this base.
    long reflexivePriority() {
        int preference = isTcp() ? CandidateType.PRFLX.tcpPreference() : CandidateType.PRFLX.preference();
        return priority(preference, localPreference(), component);
    }

    boolean isTcp() {
        return transport == TransportProtocol.TCP;
    }

    /// Who opens its connection; null for UDP, and where the line does not say it.
    public @Nullable TcpType tcpType() {
        return isTcp() ? TcpType.ofToken(extensions.get(TcpType.EXTENSION)) : null;
    }

    int localPreference() {
        return (int) (priority >> 8 & 0xFFFF);
    }

    /// "The same for two candidates that have the same type, base, and STUN server", so that what is learned about one
    /// is expected of the other.
    private static String foundation(CandidateType type, InetSocketAddress base, String server) {
        CRC32 crc = new CRC32();
        crc.update(type.token().getBytes(StandardCharsets.US_ASCII));
        crc.update(
                base.isUnresolved()
                        ? base.getHostString().getBytes(StandardCharsets.UTF_8)
                        : base.getAddress().getAddress());
        crc.update(server.getBytes(StandardCharsets.UTF_8));
        return Long.toString(crc.getValue());
    }

    /// Says the kind, never the address: candidates reach log lines, addresses must not.
    @Override
    public String toString() {
        return "Candidate[" + type.token() + " " + transport.token() + " " + priority + "]";
    }
}
