package dev.nearhand.transport.congestion;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// How fast probes came through.
final class ProbeMeter {
    private static final int OPEN_LIMIT = 8;
    private static final double NANOS = 1e9;
    private static final double SHARE_NEEDED = 0.8;

    /// What arrives that much faster than it was sent was held back and let through at once.
    private static final double PLAUSIBLE = 2;

    /// Below this share of the sending rate the path was full, and it is known how much it takes.
    private static final double FULL = 0.9;

    /// What is left free of a path that a probe has filled, so that its queue empties.
    private static final double OF_CAPACITY = 0.95;

    /// @param bps that the path takes
    /// @param filled whether it was less than what was sent
    record Measured(double bps, boolean filled) {}

    private static final class Open {
        final Probe probe;
        long firstSent = Long.MAX_VALUE;
        long lastSent = Long.MIN_VALUE;
        long firstArrived = Long.MAX_VALUE;
        long lastArrived = Long.MIN_VALUE;
        int lastSentBytes;
        int firstArrivedBytes;
        int bytes;
        int packets;

        Open(Probe probe) {
            this.probe = probe;
        }
    }

    private final Deque<Open> open = new ArrayDeque<>();

    void begin(Probe probe) {
        if (open.size() == OPEN_LIMIT) {
            open.removeFirst();
        }
        open.addLast(new Open(probe));
    }

    /// Takes a packet of a probe that has arrived.
    ///
    /// @return what is known by it, each time that more is; null when nothing is
    @Nullable
    Measured arrived(PacketResult packet) {
        Open found = find(packet.probe());
        if (found == null) {
            return null;
        }
        if (packet.sentNanos() >= found.lastSent) {
            found.lastSent = packet.sentNanos();
            found.lastSentBytes = packet.bytes();
        }
        found.firstSent = Math.min(found.firstSent, packet.sentNanos());
        if (packet.arrivedNanos() < found.firstArrived) {
            found.firstArrived = packet.arrivedNanos();
            found.firstArrivedBytes = packet.bytes();
        }
        found.lastArrived = Math.max(found.lastArrived, packet.arrivedNanos());
        found.bytes += packet.bytes();
        found.packets++;
        if (found.packets < SHARE_NEEDED * Probe.LEAST_PACKETS || found.bytes < SHARE_NEEDED * found.probe.bytes()) {
            return null;
        }
        double sent = 8 * (found.bytes - found.lastSentBytes) * NANOS / Math.max(1, found.lastSent - found.firstSent);
        double received = 8
                * (found.bytes - found.firstArrivedBytes)
                * NANOS
                / Math.max(250_000, found.lastArrived - found.firstArrived);
        if (received > PLAUSIBLE * sent) {
            return null;
        }
        return received < FULL * sent
                ? new Measured(OF_CAPACITY * received, true)
                : new Measured(Math.min(sent, received), false);
    }

    private @Nullable Open find(int id) {
        for (Open one : open) {
            if (one.probe.id() == id) {
                return one;
            }
        }
        return null;
    }
}
