package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.AbortChunk;
import dev.nearhand.transport.sctp.packet.Chunk;
import dev.nearhand.transport.sctp.packet.CookieAckChunk;
import dev.nearhand.transport.sctp.packet.DataChunk;
import dev.nearhand.transport.sctp.packet.ErrorCause;
import dev.nearhand.transport.sctp.packet.ErrorChunk;
import dev.nearhand.transport.sctp.packet.ForwardTsnChunk;
import dev.nearhand.transport.sctp.packet.HeartbeatAckChunk;
import dev.nearhand.transport.sctp.packet.IncomingResetRequest;
import dev.nearhand.transport.sctp.packet.InitAckChunk;
import dev.nearhand.transport.sctp.packet.InterleavedDataChunk;
import dev.nearhand.transport.sctp.packet.InterleavedForwardTsnChunk;
import dev.nearhand.transport.sctp.packet.OutgoingResetRequest;
import dev.nearhand.transport.sctp.packet.ReconfigResponse;
import dev.nearhand.transport.sctp.packet.ShutdownAckChunk;
import dev.nearhand.transport.sctp.packet.ShutdownChunk;
import dev.nearhand.transport.sctp.packet.ShutdownCompleteChunk;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

/// Makes chunks that are well formed and make no sense together, near the numbers that an association expects.
final class Nonsense {
    private final SplittableRandom random;
    private final HandPeer peer;

    Nonsense(SplittableRandom random, HandPeer peer) {
        this.random = random;
        this.peer = peer;
    }

    Chunk[] chunks() {
        Chunk[] chunks = new Chunk[1 + random.nextInt(4)];
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = chunk();
        }
        return chunks;
    }

    private int near(int number) {
        return number
                + switch (random.nextInt(12)) {
                    case 0 -> random.nextInt();
                    case 1 -> 70_000;
                    case 2 -> 0x7FFF_FFFF;
                    default -> random.nextInt(40) - 5;
                };
    }

    private int stream() {
        return random.nextInt(20) == 0 ? 0xFFFF : random.nextInt(5);
    }

    private Chunk chunk() {
        return switch (random.nextInt(40)) {
            case 0 -> new ShutdownChunk(near(peer.localTsn));
            case 1 -> new CookieAckChunk();
            case 2 -> HandPeer.init(random.nextInt(1 << 20));
            case 3 -> new InitAckChunk(HandPeer.init(1_000).body());
            case 4 -> new ErrorChunk(List.of(ErrorCause.empty(random.nextInt(15))));
            case 5 -> random.nextInt(20) == 0 ? new AbortChunk(false, List.of()) : new CookieAckChunk();
            case 6 -> random.nextInt(10) == 0 ? new ShutdownAckChunk() : new ShutdownCompleteChunk(false);
            case 7 -> new HeartbeatAckChunk(ByteBuffer.allocate(random.nextInt(20)));
            case 8, 9, 10 ->
                peer.interleaving
                        ? new CookieAckChunk()
                        : new ForwardTsnChunk(
                                near(HandPeer.PEER_TSN),
                                List.of(new ForwardTsnChunk.Skipped(stream(), random.nextInt(10))));
            case 11, 12 ->
                HandPeer.reconfig(new OutgoingResetRequest(
                        near(HandPeer.PEER_TSN), 0, near(HandPeer.PEER_TSN), List.of(stream())));
            case 13 -> HandPeer.reconfig(new IncomingResetRequest(near(HandPeer.PEER_TSN), List.of(stream())));
            case 14 -> HandPeer.reconfig(new ReconfigResponse(near(peer.localTsn), random.nextInt(8)));
            case 15, 16, 17, 18, 19, 20, 21 -> {
                int[] gaps = new int[random.nextInt(4) * 2];
                for (int i = 0; i < gaps.length; i++) {
                    gaps[i] = random.nextInt(30) == 0 ? random.nextInt(0x10000) : random.nextInt(12);
                }
                yield HandPeer.sack(near(peer.localTsn), random.nextInt(1 << 20), gaps);
            }
            case 22, 23 ->
                peer.interleaving
                        ? new InterleavedForwardTsnChunk(
                                near(HandPeer.PEER_TSN),
                                List.of(new InterleavedForwardTsnChunk.Skipped(
                                        stream(), random.nextBoolean(), random.nextInt(10))))
                        : new CookieAckChunk();
            default -> peer.interleaving && random.nextInt(200) != 0 ? interleavedData() : data();
        };
    }

    private InterleavedDataChunk interleavedData() {
        return new InterleavedDataChunk(
                random.nextInt(16),
                near(HandPeer.PEER_TSN),
                stream(),
                near(0),
                53,
                random.nextInt(20) == 0 ? random.nextInt() : random.nextInt(5),
                ByteBuffer.allocate(random.nextInt(100) == 0 ? 0 : 1 + random.nextInt(50)));
    }

    private DataChunk data() {
        return new DataChunk(
                random.nextInt(16),
                near(HandPeer.PEER_TSN),
                stream(),
                random.nextInt(10),
                53,
                ByteBuffer.allocate(random.nextInt(30) == 0 ? 0 : 1 + random.nextInt(50)));
    }
}
