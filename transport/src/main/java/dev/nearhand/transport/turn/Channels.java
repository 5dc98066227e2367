package dev.nearhand.transport.turn;

import dev.nearhand.transport.time.TimerTable;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The channels of an allocation ([RFC 8656 section 12](https://www.rfc-editor.org/rfc/rfc8656#section-12)): short
/// numbers for peers, which make every datagram 32 bytes shorter.
///
/// A channel that is used is bound again before it ends. A number belongs to its peer for good, so that neither ever
/// has to wait until it may be bound to something else.
final class Channels {
    /// Further peers are written to without one.
    static final int LIMIT = 16;

    static final long LIFETIME_NANOS = 600_000_000_000L;
    private static final long RENEW_NANOS = 300_000_000_000L;

    static final class Channel {
        final int number;
        final InetSocketAddress peer;
        boolean requested;
        long usedNanos;
        long boundNanos;
        long endsNanos = Long.MIN_VALUE;

        Channel(int number, InetSocketAddress peer) {
            this.number = number;
            this.peer = peer;
        }

        boolean isBound(long nowNanos) {
            return nowNanos < endsNanos;
        }

        private boolean isRenewable(long nowNanos) {
            return isBound(nowNanos) && !requested && usedNanos > boundNanos;
        }
    }

    private final Map<InetSocketAddress, Channel> byPeer = new HashMap<>();
    private final List<Channel> byNumber = new ArrayList<>();

    /// The channel of a peer that has to be bound now, or null when it is bound, being bound, or there is none left.
    @Nullable
    Channel toBind(long nowNanos, InetSocketAddress peer) {
        Channel channel = byPeer.get(peer);
        if (channel == null) {
            if (byNumber.size() == LIMIT) {
                return null;
            }
            channel = new Channel(ChannelData.FIRST_CHANNEL + byNumber.size(), peer);
            byPeer.put(peer, channel);
            byNumber.add(channel);
        }
        if (channel.requested || channel.isBound(nowNanos)) {
            return null;
        }
        channel.requested = true;
        return channel;
    }

    /// The channel to write to a peer on, marked as used, or null.
    @Nullable
    Channel use(long nowNanos, InetSocketAddress peer) {
        Channel channel = byPeer.get(peer);
        if (channel == null || !channel.isBound(nowNanos)) {
            return null;
        }
        channel.usedNanos = nowNanos;
        return channel;
    }

    /// Whose channel it is, or null. Data may overtake the answer to the request that bound it.
    @Nullable
    InetSocketAddress peerOf(int number) {
        int index = number - ChannelData.FIRST_CHANNEL;
        return index >= 0 && index < byNumber.size() ? byNumber.get(index).peer : null;
    }

    void bound(long nowNanos, int number) {
        Channel channel = byNumber.get(number - ChannelData.FIRST_CHANNEL);
        channel.requested = false;
        channel.boundNanos = nowNanos;
        channel.endsNanos = nowNanos + LIFETIME_NANOS;
    }

    void notBound(int number) {
        byNumber.get(number - ChannelData.FIRST_CHANNEL).requested = false;
    }

    /// The channels to be bound again now.
    List<Channel> toRenew(long nowNanos) {
        List<Channel> due = new ArrayList<>();
        for (Channel channel : byNumber) {
            if (channel.isRenewable(nowNanos) && channel.boundNanos + RENEW_NANOS <= nowNanos) {
                channel.requested = true;
                due.add(channel);
            }
        }
        return due;
    }

    long nextTimeoutNanos(long nowNanos) {
        long next = TimerTable.NEVER;
        for (Channel channel : byNumber) {
            if (channel.isRenewable(nowNanos)) {
                next = Math.min(next, channel.boundNanos + RENEW_NANOS);
            }
        }
        return next;
    }

    void clear() {
        byPeer.clear();
        byNumber.clear();
    }
}
