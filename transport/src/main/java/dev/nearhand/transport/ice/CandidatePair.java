package dev.nearhand.transport.ice;

import dev.nearhand.transport.wire.Path;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/// A local and a remote candidate that may be a path (RFC 8445 section 6.1.2), and how its checks went.
///
/// The local candidate is the base: a reflexive one leaves from its base and so would be the same pair twice.
final class CandidatePair {
    /// [RFC 8445 section 6.1.2.6](https://www.rfc-editor.org/rfc/rfc8445#section-6.1.2.6).
    enum State {
        FROZEN,
        WAITING,
        IN_PROGRESS,
        SUCCEEDED,
        FAILED,
        /// Put by when a path was nominated; checked only if that one is lost.
        SPARE
    }

    final Candidate local;
    final Path path;
    private Candidate remote;
    private long priority;

    State state = State.FROZEN;
    /// Both sides agree that this pair may be used (RFC 8445 section 8.1.1).
    boolean isNominated;
    /// The controlling side has nominated this pair before our own check of it succeeded.
    boolean nominateOnSuccess;
    /// An authenticated message has come along it.
    boolean isHeardFrom;
    /// The latest measured round trip, or 0.
    long roundTripNanos;
    /// When a check of it was answered last; meaningless while none was.
    long succeededNanos;
    /// When it was asked last as a spare.
    long askedNanos;
    /// A check of the other side has come along it.
    boolean hasBeenChecked;
    /// How often it has died while it was in use.
    int deaths;
    /// How many answers in a row have shown it better than the pair in use, since when, and the latest of them.
    int betterCount;

    long betterSinceNanos;
    long latestBetterNanos;

    CandidatePair(Candidate local, Candidate remote, IceRole role) {
        this.local = local;
        this.remote = remote;
        this.path = new Path(local.address(), inZoneOf(local.address(), remote.address()), local.isTcp());
        updatePriority(role);
    }

    Candidate remote() {
        return remote;
    }

    long priority() {
        return priority;
    }

    /// A signalled candidate takes the place of the peer-reflexive one that its check had announced.
    void replaceRemote(Candidate signalled, IceRole role) {
        remote = signalled;
        updatePriority(role);
    }

    /// `2^32*MIN(G,D) + 2*MAX(G,D) + (G>D?1:0)`, G being the controlling side's
    /// ([RFC 8445 section 6.1.2.3](https://www.rfc-editor.org/rfc/rfc8445#section-6.1.2.3)).
    void updatePriority(IceRole role) {
        boolean controlling = role == IceRole.CONTROLLING;
        long g = controlling ? local.priority() : remote.priority();
        long d = controlling ? remote.priority() : local.priority();
        priority = (Math.min(g, d) << 32) + 2 * Math.max(g, d) + (g > d ? 1 : 0);
    }

    boolean hasFoundationOf(CandidatePair other) {
        return local.foundation().equals(other.local.foundation())
                && remote.foundation().equals(other.remote.foundation());
    }

    /// Whether a server stands in between, as far as this side knows.
    boolean isRelayed() {
        return local.type() == CandidateType.RELAY || remote.type() == CandidateType.RELAY;
    }

    /// Whether a pair over UDP and without a server is worth waiting for.
    boolean isSecondChoice() {
        return isRelayed() || path.stream();
    }

    String kind() {
        String family = path.local().getAddress() instanceof Inet6Address ? "6" : "4";
        return local.type().token() + "/" + remote.type().token() + " "
                + local.transport().token() + family;
    }

    /// Whether packets from one address can be expected to reach the other.
    static boolean mayPair(Candidate local, Candidate remote) {
        InetAddress a = local.address().getAddress();
        InetAddress b = remote.address().getAddress();
        return mayConnect(local, remote)
                && a instanceof Inet6Address == b instanceof Inet6Address
                // "IPv6 link-local addresses MUST NOT be paired with other than link-local addresses"
                && a.isLinkLocalAddress() == b.isLinkLocalAddress()
                && a.isLoopbackAddress() == b.isLoopbackAddress();
    }

    /// Over TCP only the active side begins: "the agent MUST also remove any pair for which the local candidate is a
    /// passive TCP candidate" (RFC 6544 section 5.2).
    private static boolean mayConnect(Candidate local, Candidate remote) {
        return local.transport() == remote.transport()
                && (!local.isTcp() || local.tcpType() == TcpType.ACTIVE && remote.tcpType() == TcpType.PASSIVE);
    }

    /// A link-local address is reached through the interface of the local one, whatever zone it had at its own host.
    private static InetSocketAddress inZoneOf(InetSocketAddress local, InetSocketAddress remote) {
        if (local.getAddress() instanceof Inet6Address from
                && from.getScopeId() != 0
                && remote.getAddress() instanceof Inet6Address to
                && to.isLinkLocalAddress()) {
            try {
                return new InetSocketAddress(
                        Inet6Address.getByAddress(null, to.getAddress(), from.getScopeId()), remote.getPort());
            } catch (UnknownHostException impossible) {
                throw new IllegalStateException("an IPv6 address has 16 bytes", impossible);
            }
        }
        return remote;
    }
}
