package dev.nearhand.transport.turn;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.TransactionId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What goes to peers through an allocation and comes from them ([RFC 8656 sections 9 to
/// 12](https://www.rfc-editor.org/rfc/rfc8656#section-9)): asks for permissions and channels, wraps and unwraps. Does
/// nothing while there is no allocation.
final class PeerTraffic {
    private final Requests requests;
    private final Counters counters;
    private final boolean stream;
    private final RandomGenerator random;
    private final Permissions permissions = new Permissions();
    private final Channels channels = new Channels();
    private final HeldDatagrams held = new HeldDatagrams();
    private @Nullable InetSocketAddress relayed;

    PeerTraffic(Requests requests, Counters counters, boolean stream, RandomGenerator random) {
        this.requests = requests;
        this.counters = counters;
        this.stream = stream;
        this.random = random;
    }

    void begin(InetSocketAddress allocated) {
        relayed = allocated;
    }

    void end() {
        relayed = null;
        permissions.clear();
        channels.clear();
        held.clear();
    }

    @Nullable
    InetSocketAddress relayed() {
        return relayed;
    }

    // --- permissions and channels

    void permit(long nowNanos, InetAddress peer) {
        if (isReachable(peer) && permissions.use(nowNanos, peer)) {
            requests.add(new Request.CreatePermission(peer));
        }
    }

    void bindChannel(long nowNanos, InetSocketAddress peer) {
        Channels.Channel channel = isReachable(peer.getAddress()) ? channels.toBind(nowNanos, peer) : null;
        if (channel != null) {
            requests.add(new Request.ChannelBind(channel.number, peer));
        }
    }

    /// An allocation of one family reaches peers of this family only.
    private boolean isReachable(InetAddress peer) {
        return relayed != null && relayed.getAddress().getClass().equals(peer.getClass());
    }

    void onGranted(long nowNanos, Request.CreatePermission request) {
        permissions.granted(nowNanos, request.peer());
    }

    void onDenied(long nowNanos, Request.CreatePermission request) {
        counters.count("permissions.denied");
        permissions.denied(nowNanos, request.peer());
        held.drop(request.peer());
    }

    void onNoAnswer(Request.CreatePermission request) {
        permissions.unanswered(request.peer());
        held.drop(request.peer());
    }

    void onBound(long nowNanos, Request.ChannelBind request) {
        channels.bound(nowNanos, request.number());
        permissions.granted(nowNanos, request.peer().getAddress()); // "also creates or refreshes a permission"
    }

    void onNotBound(Request.ChannelBind request) {
        channels.notBound(request.number());
    }

    void handleTimeout(long nowNanos) {
        if (relayed != null) {
            permissions.toRenew(nowNanos).forEach(peer -> requests.add(new Request.CreatePermission(peer)));
            channels.toRenew(nowNanos)
                    .forEach(channel -> requests.add(new Request.ChannelBind(channel.number, channel.peer)));
        }
    }

    long nextTimeoutNanos(long nowNanos) {
        return Math.min(permissions.nextTimeoutNanos(), channels.nextTimeoutNanos(nowNanos));
    }

    // --- to peers

    /// As [TurnClient#wrap].
    int wrap(long nowNanos, InetSocketAddress peer, ByteBuffer into, int start) {
        int length = into.position() - start;
        permit(nowNanos, peer.getAddress());
        if (relayed == null || into.remaining() < TurnClient.OVERHEAD_BYTES) {
            counters.count("dropped.notAllocated");
        } else if (permissions.isGranted(peer.getAddress())) {
            return wrapPermitted(nowNanos, peer, into, start);
        } else if (permissions.stateOf(peer.getAddress()) == Permissions.State.REQUESTED) {
            int pushedOut = held.keep(peer, into.slice(start, length));
            counters.count(pushedOut > 0 ? "dropped.tooManyHeld" : "held");
        } else {
            counters.count("dropped.notPermitted");
        }
        into.position(start);
        return 0;
    }

    /// Writes the next datagram that has waited for its permission; how long it is, or 0.
    int pollHeld(long nowNanos, ByteBuffer into) {
        HeldDatagrams.Held ready = held.poll(permissions::isGranted);
        if (ready == null) {
            return 0;
        }
        int start = into.position();
        into.put(ready.datagram());
        return wrapPermitted(nowNanos, ready.peer(), into, start);
    }

    private int wrapPermitted(long nowNanos, InetSocketAddress peer, ByteBuffer into, int start) {
        int length = into.position() - start;
        Channels.Channel channel = channels.use(nowNanos, peer);
        if (channel != null) {
            return ChannelData.wrap(into, start, length, channel.number, stream);
        }
        List<StunAttribute> attributes =
                List.of(new StunAttribute.XorPeerAddress(peer), new StunAttribute.Data(into.slice(start, length)));
        into.position(start);
        return new StunMessage(StunClass.INDICATION, StunMessage.SEND, TransactionId.random(random), attributes)
                .write(into);
    }

    // --- from peers

    @Nullable
    Relayed fromChannel(ByteBuffer message) {
        ChannelData parsed = ChannelData.parse(message);
        InetSocketAddress peer = parsed == null ? null : channels.peerOf(parsed.channel());
        if (parsed == null || peer == null) {
            counters.count("dropped.unknownChannel");
            return null;
        }
        return new Relayed(peer, parsed.data());
    }

    @Nullable
    Relayed fromIndication(StunMessage message) {
        StunAttribute.XorPeerAddress peer = message.find(StunAttribute.XorPeerAddress.class);
        StunAttribute.Data data = message.find(StunAttribute.Data.class);
        if (message.method() != StunMessage.DATA || peer == null || data == null) {
            counters.count("dropped.otherIndication"); // such as ICMP errors
            return null;
        }
        // "the client SHOULD check that the XOR-PEER-ADDRESS ... has an active permission"
        if (!permissions.isGranted(peer.address().getAddress())) {
            counters.count("dropped.notPermitted");
            return null;
        }
        byte[] datagram = new byte[data.value().remaining()];
        data.value().duplicate().get(datagram);
        return new Relayed(peer.address(), ByteBuffer.wrap(datagram)); // to be decrypted in place
    }
}
