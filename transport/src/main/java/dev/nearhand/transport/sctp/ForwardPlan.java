package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.ForwardTsnChunk;
import dev.nearhand.transport.wire.Serial32;

/// When FORWARD TSN is sent: when its point has advanced, with every T3-rtx, and otherwise at most once in a round trip
/// ([RFC 3758 section 3.5](https://www.rfc-editor.org/rfc/rfc3758#section-3.5)).
final class ForwardPlan {
    private static final int LEAST_ROOM = ForwardTsnChunk.MIN_BYTES + 8;
    private static final long LEAST_PAUSE_NANOS = 10_000_000L;

    private final Abandonment abandonment;
    private final RetransmissionTimeout timeout;
    private final Counters counters;
    private boolean due;
    private int sentTsn;
    private long sentNanos;

    ForwardPlan(Abandonment abandonment, RetransmissionTimeout timeout, Counters counters, int initialTsn) {
        this.abandonment = abandonment;
        this.timeout = timeout;
        this.counters = counters;
        this.sentTsn = initialTsn - 1;
    }

    boolean isDue() {
        return due;
    }

    void restart(int initialTsn) {
        due = false;
        sentTsn = initialTsn - 1;
    }

    /// Something was acknowledged or given up.
    void plan(long nowNanos) {
        boolean news = Serial32.isNewer(abandonment.advancedTsn(), sentTsn);
        boolean late = nowNanos - sentNanos >= Math.max(timeout.smoothedNanos(), LEAST_PAUSE_NANOS);
        due = abandonment.isForwardNeeded() && (due || news || late);
    }

    void onTimeout() {
        due = abandonment.isForwardNeeded();
    }

    /// Puts the chunk into the packet when it is due and fits; answers whether it did.
    boolean write(long nowNanos, PacketBuilder packet) {
        if (!due || packet.room() < LEAST_ROOM) {
            return false;
        }
        due = false;
        Abandonment.Forward forward = abandonment.forward(packet.room());
        packet.add(forward.chunk());
        counters.forwardTsnsSent++;
        sentTsn = forward.newCumulativeTsn();
        sentNanos = nowNanos;
        return true;
    }
}
