package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.HeartbeatAckChunk;
import dev.nearhand.transport.sctp.packet.HeartbeatChunk;
import dev.nearhand.transport.time.TimerTable;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/// Asks an idle peer whether it is there
/// ([RFC 9260 section 8.3](https://www.rfc-editor.org/rfc/rfc9260#section-8.3)). ICE consent finds a dead path sooner;
/// this finds a peer whose SCTP is gone while its path lives.
final class Heartbeat {
    /// "HB.interval"
    static final long INTERVAL_NANOS = 30_000_000_000L;

    private static final int INFO_BYTES = 16;

    private final ControlQueue control;
    private final TimerTable<SctpTimer> timers;
    private final RetransmissionTimeout timeout;
    private final PathErrors errors;
    private final RandomGenerator random;
    private long nonce;
    private boolean awaiting;

    Heartbeat(
            ControlQueue control,
            TimerTable<SctpTimer> timers,
            RetransmissionTimeout timeout,
            PathErrors errors,
            RandomGenerator random) {
        this.control = control;
        this.timers = timers;
        this.timeout = timeout;
        this.errors = errors;
        this.random = random;
    }

    /// "HB.interval plus the current RTO, with jittering of +/- 50% of that RTO"
    void schedule(long nowNanos) {
        long rto = timeout.nanos();
        timers.set(SctpTimer.HEARTBEAT, nowNanos + INTERVAL_NANOS + rto / 2 + random.nextLong(rto));
    }

    /// @param idle whether nothing was in flight that tells as much
    void onTimeout(long nowNanos, boolean idle) {
        if (awaiting) {
            errors.onTimeout();
            timeout.backOff();
            awaiting = false;
        }
        if (idle) {
            nonce = random.nextLong();
            awaiting = true;
            control.add(new HeartbeatChunk(ByteBuffer.allocate(INFO_BYTES)
                    .putLong(nowNanos)
                    .putLong(nonce)
                    .flip()));
        }
        schedule(nowNanos);
    }

    void onAck(long nowNanos, HeartbeatAckChunk chunk) {
        ByteBuffer info = chunk.info();
        if (!awaiting || info.remaining() != INFO_BYTES || info.getLong(info.position() + Long.BYTES) != nonce) {
            return;
        }
        awaiting = false;
        errors.onAnswer();
        timeout.onMeasured(nowNanos - info.getLong(info.position()));
    }
}
