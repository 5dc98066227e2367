package dev.nearhand.transport.turn.server;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunAttribute.ErrorCode;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.TransactionId;
import dev.nearhand.transport.turn.ChannelData;
import dev.nearhand.transport.turn.Counters;
import dev.nearhand.transport.wire.Path;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Permissions, channels, and what goes through an allocation in both directions ([RFC 8656 sections 9 to
/// 12](https://www.rfc-editor.org/rfc/rfc8656#section-9)).
final class Relaying {
    private final TurnServerConfig config;
    private final Allocations allocations;
    private final Answers answers;
    private final Outbox outbox;
    private final Counters counters;
    private final RandomGenerator random;

    Relaying(
            TurnServerConfig config,
            Allocations allocations,
            Answers answers,
            Outbox outbox,
            Counters counters,
            RandomGenerator random) {
        this.config = config;
        this.allocations = allocations;
        this.answers = answers;
        this.outbox = outbox;
        this.counters = counters;
        this.random = random;
    }

    // --- requests

    void createPermission(long nowNanos, Allocation allocation, StunMessage request) {
        List<InetAddress> peers = request.attributes().stream()
                .filter(StunAttribute.XorPeerAddress.class::isInstance)
                .map(attribute ->
                        ((StunAttribute.XorPeerAddress) attribute).address().getAddress())
                .toList();
        int refusal = peers.isEmpty() ? ErrorCode.BAD_REQUEST : 0;
        for (InetAddress peer : peers) {
            refusal = refusal == 0 ? refusal(allocation, peer) : refusal;
        }
        if (refusal == 0 && !allocation.permit(nowNanos, peers)) {
            refusal = ErrorCode.INSUFFICIENT_CAPACITY;
        }
        answer(allocation, request, refusal);
    }

    void channelBind(long nowNanos, Allocation allocation, StunMessage request) {
        StunAttribute.XorPeerAddress peer = request.find(StunAttribute.XorPeerAddress.class);
        StunAttribute.ChannelNumber number = request.find(StunAttribute.ChannelNumber.class);
        if (peer == null
                || number == null
                || number.number() < ChannelData.FIRST_CHANNEL
                || number.number() > ChannelData.LAST_CHANNEL) {
            answer(allocation, request, ErrorCode.BAD_REQUEST);
            return;
        }
        int refusal = refusal(allocation, peer.address().getAddress());
        if (refusal == 0) {
            refusal = switch (allocation.bind(nowNanos, number.number(), peer.address())) {
                case BOUND -> 0;
                case TAKEN -> ErrorCode.BAD_REQUEST;
                case NO_ROOM -> ErrorCode.INSUFFICIENT_CAPACITY;
            };
            assert allocation.isConsistent();
        }
        answer(allocation, request, refusal);
    }

    private void answer(Allocation allocation, StunMessage request, int refusal) {
        if (refusal == 0) {
            answers.success(allocation.client, request, allocation.key(), List.of());
        } else {
            answers.error(allocation.client, request, allocation.key(), refusal);
        }
    }

    private int refusal(Allocation allocation, InetAddress peer) {
        if (!peer.getClass().equals(allocation.relay.getAddress().getClass())) {
            return ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH;
        }
        // other clients of this very server can be peers, wherever it stands: what is sent to them never leaves it
        boolean allowed = config.peers().allows(peer) || config.bound(new InetSocketAddress(peer, 0)) != null;
        return allowed ? 0 : ErrorCode.FORBIDDEN;
    }

    // --- from the client

    void send(long nowNanos, Allocation allocation, StunMessage indication) {
        StunAttribute.XorPeerAddress peer = indication.find(StunAttribute.XorPeerAddress.class);
        StunAttribute.Data data = indication.find(StunAttribute.Data.class);
        boolean needsMore = indication.has(StunAttribute.DontFragment.class) && !allocation.dontFragment;
        if (peer == null || data == null || needsMore) {
            counters.count("dropped.indication");
            return;
        }
        counters.count("received.sendIndication");
        toPeer(nowNanos, allocation, peer.address(), data.value());
    }

    void channelData(long nowNanos, @Nullable Allocation allocation, ByteBuffer message) {
        ChannelData parsed = ChannelData.parse(message);
        InetSocketAddress peer =
                allocation == null || parsed == null ? null : allocation.peerOf(nowNanos, parsed.channel());
        if (allocation == null || parsed == null || peer == null) {
            counters.count("dropped.fromChannel");
            return;
        }
        counters.count("received.channelData");
        toPeer(nowNanos, allocation, peer, parsed.data());
    }

    private void toPeer(long nowNanos, Allocation allocation, InetSocketAddress peer, ByteBuffer data) {
        if (!allocation.permits(nowNanos, peer.getAddress())) {
            counters.count("dropped.noPermission");
        } else if (peer.getPort() == 0) {
            counters.count("dropped.noPort");
        } else if (!allocation.hasRoomFor(data.remaining(), nowNanos)) {
            counters.count("dropped.bandwidth");
        } else {
            counters.count("relayed.toPeer");
            counters.count("relayed.toPeerBytes", data.remaining());
            pass(nowNanos, allocation.relay, peer, data);
        }
    }

    private void pass(long nowNanos, InetSocketAddress relay, InetSocketAddress peer, ByteBuffer data) {
        InetSocketAddress here = config.bound(peer);
        if (here != null && allocations.at(here) != null) {
            fromPeer(nowNanos, new Path(here, config.advertised(relay)), data);
        } else if (here == null || config.peers().isExempt(peer.getAddress())) {
            outbox.add(new Path(relay, peer), bytes(data));
        } else {
            counters.count("dropped.toItself"); // what else this machine serves is not reached from inside
        }
    }

    // --- from a peer

    void fromPeer(long nowNanos, Path path, ByteBuffer data) {
        Allocation allocation = allocations.at(path.local());
        if (allocation == null || !allocation.permits(nowNanos, path.remote().getAddress())) {
            counters.count("dropped.fromPeer");
            return;
        }
        if (!allocation.hasRoomFor(data.remaining(), nowNanos)) {
            counters.count("dropped.bandwidth");
            return;
        }
        counters.count("relayed.toClientBytes", data.remaining());
        int channel = allocation.channelTo(nowNanos, path.remote());
        if (channel == 0) {
            counters.count("relayed.dataIndication");
            answers.indication(
                    allocation.client,
                    TransactionId.random(random),
                    new StunAttribute.XorPeerAddress(path.remote()),
                    new StunAttribute.Data(data));
        } else {
            counters.count("relayed.channelData");
            outbox.add(allocation.client, framed(channel, data, allocation.client instanceof Client.Stream));
        }
    }

    private static byte[] framed(int channel, ByteBuffer data, boolean padded) {
        int length = data.remaining();
        ByteBuffer message = ByteBuffer.allocate(ChannelData.HEADER_BYTES + length + (padded ? -length & 3 : 0));
        ChannelData.wrap(message.put(data.duplicate()), 0, length, channel, padded);
        return message.array();
    }

    private static byte[] bytes(ByteBuffer data) {
        byte[] copy = new byte[data.remaining()];
        data.get(data.position(), copy);
        return copy;
    }
}
