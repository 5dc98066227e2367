package dev.nearhand.transport.sim;

import dev.nearhand.transport.wire.Path;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The TCP connections of the world: frames arrive whole, in order and once. A lost segment is sent again and holds up
/// what follows; what is not taken within [#PATIENCE_NANOS] breaks the connection, and both ends are told.
///
/// Who is behind a NAT connects through it, and is not connected to.
final class SimStreams {
    private static final long RETRANSMISSION_NANOS = 200_000_000L;
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final int SEGMENT_HEADER_BYTES = 40;
    private static final int BACKLOG_LIMIT = 64;
    private static final int FIRST_PORT = 49_152;

    /// One end, as the core that is there sees it.
    private record End(SimHost host, Path path) {}

    /// What runs at an end, and what tells it that a connection is no more.
    private record Owner(SimNode<?> node, Consumer<Path> onLost) {}

    /// One direction of a connection.
    private final class Lane {
        final End from;
        final End to;
        final Deque<byte[]> backlog = new ArrayDeque<>();
        long latestNanos;
        long stuckSinceNanos = -1;
        boolean isBroken;

        Lane(End from, End to) {
            this.from = from;
            this.to = to;
        }

        void send(byte[] frame) {
            if (backlog.size() < BACKLOG_LIMIT) {
                backlog.add(frame);
                if (backlog.size() == 1) {
                    pump();
                }
            }
        }

        private void pump() {
            while (!isBroken && !backlog.isEmpty()) {
                byte[] frame = backlog.element();
                boolean[] isTaken = new boolean[1];
                boolean isCut = world.isCut(from.path());
                if (!isCut) {
                    world.direction(from.host(), to.host())
                            .carry(world.now(), frame.length + SEGMENT_HEADER_BYTES, arrivalNanos -> {
                                if (!isTaken[0]) {
                                    isTaken[0] = true;
                                    arriveAt(arrivalNanos, frame);
                                }
                            });
                }
                if (!isTaken[0]) {
                    retryLater();
                    return;
                }
                stuckSinceNanos = -1;
                backlog.remove();
            }
        }

        private void arriveAt(long arrivalNanos, byte[] frame) {
            latestNanos = Math.max(latestNanos, arrivalNanos);
            world.at(latestNanos, () -> {
                Owner owner = owners.get(to.host());
                if (!isBroken && owner != null) {
                    carried++;
                    owner.node().receive(ByteBuffer.wrap(frame), to.path());
                }
            });
        }

        private void retryLater() {
            if (stuckSinceNanos < 0) {
                stuckSinceNanos = world.now();
            }
            if (world.now() - stuckSinceNanos >= PATIENCE_NANOS) {
                breakOff(from);
            } else {
                world.at(world.now() + RETRANSMISSION_NANOS, this::pump);
            }
        }
    }

    private final SimWorld world;
    private final Map<End, Lane> lanes = new HashMap<>();
    private final Map<SimHost, Owner> owners = new HashMap<>();
    private final Map<InetSocketAddress, SimHost> listeners = new HashMap<>();
    private int nextPort = FIRST_PORT;
    private long carried;
    private long opened;

    SimStreams(SimWorld world) {
        this.world = world;
    }

    void own(SimHost host, SimNode<?> node, Consumer<Path> onLost) {
        owners.put(host, new Owner(node, onLost));
    }

    void listen(SimHost host, InetSocketAddress address) {
        listeners.put(address, host);
    }

    long carried() {
        return carried;
    }

    long opened() {
        return opened;
    }

    void send(SimHost host, byte[] frame, Path path) {
        End end = new End(host, path);
        Lane lane = lanes.get(end);
        if (lane == null && path.isActive()) {
            lane = open(end);
        }
        if (lane != null) {
            lane.send(frame);
        }
    }

    /// The handshake takes a round trip, which the first frame waits for.
    private @Nullable Lane open(End near) {
        SimHost target = listeners.get(near.path().remote());
        if (target == null
                || target.nat() != null && target.nat() != near.host().nat()) {
            return null;
        }
        InetSocketAddress own = new InetSocketAddress(near.path().local().getAddress(), nextPort++);
        SimNat nat = near.host().nat() == target.nat() ? null : near.host().nat();
        InetSocketAddress source = nat == null
                ? own
                : nat.translateOut(world.now(), own, near.path().remote());
        End far = new End(target, new Path(near.path().remote(), source, true));
        Lane out = new Lane(near, far);
        lanes.put(near, out);
        lanes.put(far, new Lane(far, near));
        opened++;
        world.direction(near.host(), target)
                .carry(world.now(), SEGMENT_HEADER_BYTES, there -> world.direction(target, near.host())
                        .carry(there, SEGMENT_HEADER_BYTES, back -> out.latestNanos = back));
        return out;
    }

    /// Ends every connection, as a middlebox that has forgotten them would.
    void breakAll() {
        for (End end : Map.copyOf(lanes).keySet()) {
            breakOff(end);
        }
    }

    private void breakOff(End end) {
        Lane lane = lanes.remove(end);
        if (lane == null) {
            return;
        }
        lane.isBroken = true;
        Owner owner = owners.get(end.host());
        if (owner != null) {
            world.at(world.now(), () -> owner.onLost().accept(end.path()));
        }
        breakOff(lane.to);
    }
}
