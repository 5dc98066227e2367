package dev.nearhand.transport.turn.server;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunKey;
import dev.nearhand.transport.stun.TransactionId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one client has on this server ([RFC 8656 section 4](https://www.rfc-editor.org/rfc/rfc8656#section-4)): a
/// relayed address, who may send to it, and channels. Expiry is looked at when something is used.
final class Allocation {
    /// Peers whose datagrams are let through; further ones are refused with 508.
    static final int PERMISSIONS_LIMIT = 256;
    /// Further channels are refused with 508.
    static final int CHANNELS_LIMIT = 128;

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long PERMISSION_NANOS = 300 * SECOND_NANOS;
    private static final long CHANNEL_NANOS = 600 * SECOND_NANOS;

    private static final class Channel {
        final int number;
        final InetSocketAddress peer;
        long endsNanos;

        Channel(int number, InetSocketAddress peer) {
            this.number = number;
            this.peer = peer;
        }
    }

    final Client client;
    final Login login;
    /// The Allocate that made it, which may come again.
    final TransactionId madeBy;
    final InetSocketAddress relay;
    /// Whether nothing that leaves from it is fragmented.
    final boolean dontFragment;

    private final List<StunAttribute> answer;
    private final @Nullable TokenBucket bandwidth;
    private final Map<InetAddress, Long> permissions = new HashMap<>();
    private final Map<Integer, Channel> channels = new HashMap<>();
    private final Map<InetSocketAddress, Channel> channelsByPeer = new HashMap<>();
    private long endsNanos;

    /// @param relay the address that is bound
    /// @param answer what the client was told
    Allocation(
            Client client,
            Login login,
            TransactionId madeBy,
            InetSocketAddress relay,
            List<StunAttribute> answer,
            boolean dontFragment,
            @Nullable TokenBucket bandwidth) {
        this.client = client;
        this.login = login;
        this.madeBy = madeBy;
        this.relay = relay;
        this.answer = List.copyOf(answer);
        this.dontFragment = dontFragment;
        this.bandwidth = bandwidth;
    }

    StunKey key() {
        return login.key();
    }

    List<StunAttribute> answer() {
        return answer;
    }

    long endsNanos() {
        return endsNanos;
    }

    /// [Allocations] alone calls it: they are sorted by it.
    void setEnds(long atNanos) {
        endsNanos = atNanos;
    }

    boolean hasRoomFor(int bytes, long nowNanos) {
        return bandwidth == null || bandwidth.take(nowNanos, bytes);
    }

    // --- permissions

    boolean permits(long nowNanos, InetAddress peer) {
        return permissions.getOrDefault(peer, Long.MIN_VALUE) > nowNanos;
    }

    /// Whether all of them were permitted; none is when there is no room for all.
    boolean permit(long nowNanos, List<InetAddress> peers) {
        permissions.values().removeIf(ends -> ends <= nowNanos);
        long added = peers.stream()
                .distinct()
                .filter(peer -> !permissions.containsKey(peer))
                .count();
        if (permissions.size() + added > PERMISSIONS_LIMIT) {
            return false;
        }
        peers.forEach(peer -> permissions.put(peer, nowNanos + PERMISSION_NANOS));
        return true;
    }

    // --- channels

    /// What came of a wish for a channel.
    enum Binding {
        BOUND,
        /// "The channel number is … currently bound to a different transport address", or the peer to another channel.
        TAKEN,
        NO_ROOM
    }

    /// Binds a channel or renews it; the peer gets a permission.
    Binding bind(long nowNanos, int number, InetSocketAddress peer) {
        channels.values().removeIf(channel -> channel.endsNanos <= nowNanos);
        channelsByPeer.values().removeIf(channel -> channel.endsNanos <= nowNanos);
        Channel byNumber = channels.get(number);
        Channel byPeer = channelsByPeer.get(peer);
        if (byNumber != byPeer) {
            return Binding.TAKEN;
        }
        if (byNumber == null && channels.size() == CHANNELS_LIMIT || !permit(nowNanos, List.of(peer.getAddress()))) {
            return Binding.NO_ROOM;
        }
        Channel channel = byNumber == null ? new Channel(number, peer) : byNumber;
        channel.endsNanos = nowNanos + CHANNEL_NANOS;
        channels.put(number, channel);
        channelsByPeer.put(peer, channel);
        return Binding.BOUND;
    }

    @Nullable
    InetSocketAddress peerOf(long nowNanos, int number) {
        Channel channel = channels.get(number);
        return channel == null || channel.endsNanos <= nowNanos ? null : channel.peer;
    }

    /// The number of the channel to a peer, or 0.
    int channelTo(long nowNanos, InetSocketAddress peer) {
        Channel channel = channelsByPeer.get(peer);
        return channel == null || channel.endsNanos <= nowNanos ? 0 : channel.number;
    }

    /// Every peer of the table of channels is in the other one, too.
    boolean isConsistent() {
        List<Channel> others = new ArrayList<>(channelsByPeer.values());
        return channels.size() == others.size() && channels.values().containsAll(others);
    }
}
