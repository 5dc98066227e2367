package dev.nearhand.transport.api;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What can be chosen about a connection. Immutable: each `with…` answers a changed copy.
public final class PeerConfig {
    private static final PeerConfig DEFAULTS = new PeerConfig();

    // set only before the object leaves its `with…`
    private boolean loopback;
    private List<InetAddress> bindAddresses = List.of();
    private @Nullable Supplier<List<InetAddress>> localAddresses;
    private int maxMessageBytes = 64 << 20;
    private long maxBufferedBytes = 128L << 20;
    private List<IceServer> iceServers = List.of();
    private IceTransportPolicy iceTransportPolicy = IceTransportPolicy.ALL;
    private BundlePolicy bundlePolicy = BundlePolicy.MAX_COMPAT;
    private @Nullable SharedPort sharedPort;
    private boolean mdnsCandidates;
    private @Nullable TcpProxy proxy;
    private boolean tcpCandidates;
    private @Nullable TurnDiscovery turnDiscovery;

    private PeerConfig() {}

    private PeerConfig(PeerConfig other) {
        this.loopback = other.loopback;
        this.bindAddresses = other.bindAddresses;
        this.localAddresses = other.localAddresses;
        this.maxMessageBytes = other.maxMessageBytes;
        this.maxBufferedBytes = other.maxBufferedBytes;
        this.iceServers = other.iceServers;
        this.iceTransportPolicy = other.iceTransportPolicy;
        this.bundlePolicy = other.bundlePolicy;
        this.sharedPort = other.sharedPort;
        this.mdnsCandidates = other.mdnsCandidates;
        this.proxy = other.proxy;
        this.tcpCandidates = other.tcpCandidates;
        this.turnDiscovery = other.turnDiscovery;
    }

    public static PeerConfig defaults() {
        return DEFAULTS;
    }

    /// Whether addresses of the loopback interface are candidates even when there are others; with no other interface
    /// they always are.
    public boolean loopback() {
        return loopback;
    }

    /// The local addresses to use, and no others; empty means those of all interfaces that are up, those that come up
    /// later included.
    public List<InetAddress> bindAddresses() {
        return bindAddresses;
    }

    /// Tells which addresses this machine has, or null for those of its interfaces.
    @Nullable
    Supplier<List<InetAddress>> localAddresses() {
        return localAddresses;
    }

    /// The largest data channel message that is taken from the other side.
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /// How much a data channel may have waiting to be sent.
    public long maxBufferedBytes() {
        return maxBufferedBytes;
    }

    /// Who is asked for candidates.
    public List<IceServer> iceServers() {
        return iceServers;
    }

    /// Which ways the connection may go.
    public IceTransportPolicy iceTransportPolicy() {
        return iceTransportPolicy;
    }

    /// How offers are written for programs that may not know BUNDLE.
    public BundlePolicy bundlePolicy() {
        return bundlePolicy;
    }

    /// The port that the connection shares with others, or null when it has ports of its own.
    @Nullable
    SharedPort sharedPort() {
        return sharedPort;
    }

    /// Whether the other side is told names of the local link instead of this machine's addresses.
    public boolean mdnsCandidates() {
        return mdnsCandidates;
    }

    /// Through which TURN servers are reached over TCP and TLS, or null when they are reached directly.
    @Nullable
    TcpProxy proxy() {
        return proxy;
    }

    /// Whether TCP connections of the other side are accepted.
    public boolean tcpCandidates() {
        return tcpCandidates;
    }

    /// As whom TURN servers of this network are asked that were found there, or null when they are not looked for.
    @Nullable
    TurnDiscovery turnDiscovery() {
        return turnDiscovery;
    }

    public PeerConfig withLoopback(boolean value) {
        PeerConfig next = new PeerConfig(this);
        next.loopback = value;
        return next;
    }

    /// With addresses of one's own choice the connection does not follow changes of the network.
    public PeerConfig withBindAddresses(List<InetAddress> value) {
        PeerConfig next = new PeerConfig(this);
        next.bindAddresses = List.copyOf(value);
        return next;
    }

    /// Asks `value` twice a second which addresses this machine has, instead of the system: for tests, and for who
    /// knows better. It may answer slowly, but must not throw.
    public PeerConfig withLocalAddresses(Supplier<List<InetAddress>> value) {
        PeerConfig next = new PeerConfig(this);
        next.localAddresses = value;
        return next;
    }

    /// @param value at least 1
    public PeerConfig withMaxMessageBytes(int value) {
        PeerConfig next = new PeerConfig(this);
        next.maxMessageBytes = (int) atLeastOne(value);
        return next;
    }

    /// @param value at least 1
    public PeerConfig withMaxBufferedBytes(long value) {
        PeerConfig next = new PeerConfig(this);
        next.maxBufferedBytes = atLeastOne(value);
        return next;
    }

    /// @param value of which at most 8 are asked
    public PeerConfig withIceServers(List<IceServer> value) {
        PeerConfig next = new PeerConfig(this);
        next.iceServers = List.copyOf(value);
        return next;
    }

    public PeerConfig withIceTransportPolicy(IceTransportPolicy value) {
        PeerConfig next = new PeerConfig(this);
        next.iceTransportPolicy = value;
        return next;
    }

    public PeerConfig withBundlePolicy(BundlePolicy value) {
        PeerConfig next = new PeerConfig(this);
        next.bundlePolicy = value;
        return next;
    }

    /// Takes the address of `value` as the only one of this machine, whatever else is said here about addresses. TURN
    /// servers are asked over TCP and TLS only: a server tells its clients over UDP apart by their ports.
    public PeerConfig withSharedPort(SharedPort value) {
        PeerConfig next = new PeerConfig(this);
        next.sharedPort = value;
        return next;
    }

    /// Keeps the addresses of this machine out of descriptions and candidates, as browsers do it: host candidates
    /// have names that only programs of the same local network can look up, by multicast DNS. What STUN servers
    /// see of it is told all the same; `IceTransportPolicy.RELAY` hides that, too.
    ///
    /// While connections publish names, this program answers for them on UDP port 5353 of all interfaces.
    public PeerConfig withMdnsCandidates(boolean value) {
        PeerConfig next = new PeerConfig(this);
        next.mdnsCandidates = value;
        return next;
    }

    /// Reaches TURN servers over TCP and TLS through a proxy only. UDP knows no proxy: it is tried as ever, and what it
    /// finds is preferred; [IceTransportPolicy#RELAY] with such servers alone leaves the proxy as the only way.
    public PeerConfig withProxy(TcpProxy value) {
        PeerConfig next = new PeerConfig(this);
        next.proxy = value;
        return next;
    }

    /// Accepts TCP connections of the other side, on a port of each local address that the system chooses, and tells
    /// it so with a passive candidate (RFC 6544): a way where UDP is blocked and there is no TURN server. Used only
    /// when nothing direct over UDP works. Connections that the other side accepts are opened whatever is set here,
    /// and through no proxy. With a shared port nothing is accepted: that is a port of UDP.
    ///
    /// Off by default: a port that is listened on is open to everybody while the connection lives, a personal
    /// firewall may ask the user about it, and behind a NAT nobody reaches it.
    public PeerConfig withTcpCandidates(boolean value) {
        PeerConfig next = new PeerConfig(this);
        next.tcpCandidates = value;
        return next;
    }

    /// Looks for TURN servers of the network that this machine is in (RFC 8155): those that announce themselves
    /// by multicast DNS, those that the DNS has for the domain of this machine, and the one that answers at the
    /// anycast addresses. They are asked beside the servers that are named, for a relayed address and for nothing
    /// else: what they say about the address of this machine is not passed on. With [IceTransportPolicy#RELAY],
    /// which is to hide this machine, and with a shared port they are not looked for. It takes 1.5 s, and so long
    /// is waited for with candidates that cannot be told later.
    ///
    /// Off by default: everybody on the local network can claim to run such a server, and who relays sees who
    /// speaks with whom, how much and when. What is said stays hidden from it as from every relay.
    public PeerConfig withTurnDiscovery(TurnDiscovery value) {
        PeerConfig next = new PeerConfig(this);
        next.turnDiscovery = value;
        return next;
    }

    private static long atLeastOne(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("limits are at least one byte");
        }
        return bytes;
    }

    /// Says no address.
    @Override
    public String toString() {
        return "PeerConfig[loopback=" + loopback + ", bindAddresses=" + bindAddresses.size() + ", iceServers="
                + iceServers.size() + ", " + iceTransportPolicy + "]";
    }
}
