package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.SentChunk.State;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Serial32;

/// Asks for an acknowledgement when the last packets of a flight stay unanswered, well before T3-rtx runs out
/// ([RFC 8985 section 7](https://www.rfc-editor.org/rfc/rfc8985#section-7), TLP). [DataSender] sends.
final class TailProbe {
    /// How long a peer keeps back the SACK of a single packet: "TLP.max_ack_delay", 200 ms in every stack.
    private static final long MAX_SACK_DELAY_NANOS = 200_000_000L;

    private static final long GRANULARITY_NANOS = 2_000_000L;

    private final SentChunks sent;
    private final RetransmissionTimeout timeout;
    private final TimerTable<SctpTimer> timers;

    private boolean outstanding;
    private boolean repeats;
    private int endTsn;

    TailProbe(SentChunks sent, RetransmissionTimeout timeout, TimerTable<SctpTimer> timers) {
        this.sent = sent;
        this.timeout = timeout;
        this.timers = timers;
    }

    /// Data was sent or acknowledged: plans the probe, unless a loss is being repaired or one is on its way.
    ///
    /// @param lone whether only one packet is in flight, and its chunks did not ask for an answer at once
    void plan(long nowNanos, boolean recovering, boolean lone) {
        if (outstanding || recovering || sent.hasLost() || sent.flightBytes() == 0 || timeout.smoothedNanos() == 0) {
            timers.clear(SctpTimer.TAIL_PROBE);
            return;
        }
        long patience = 2 * timeout.smoothedNanos() + (lone ? MAX_SACK_DELAY_NANOS : GRANULARITY_NANOS);
        timers.set(SctpTimer.TAIL_PROBE, nowNanos + patience);
    }

    /// The probe is sent now.
    ///
    /// @param again whether it repeats what was sent, for want of anything new
    void begin(long nowNanos, boolean again) {
        outstanding = true;
        repeats = again;
        endTsn = sent.nextTsn() - 1;
        // the answer to the probe gets its time before the flight counts as lost
        long earliest = nowNanos + 2 * timeout.smoothedNanos();
        timers.set(SctpTimer.T3_RTX, Math.max(timers.dueNanos(SctpTimer.T3_RTX), earliest));
    }

    /// Counts as much of the end of the flight as lost as a packet holds, so that it is sent again; what may not be
    /// sent twice is left out.
    void repeat(long nowNanos, int packetBytes, Abandonment abandonment) {
        int room = packetBytes;
        SentChunk chunk = sent.newestInFlight();
        while (chunk != null && chunk.sizeBytes() <= room) {
            SentChunk before = chunk.sentBefore;
            if (!abandonment.isGivenUp(chunk, nowNanos)) {
                room -= chunk.sizeBytes();
                sent.setState(chunk, State.LOST);
            }
            chunk = before;
        }
    }

    /// A SACK has come; answers whether the probe has repaired a loss, which nothing else would tell (section 7.4).
    boolean onSack(boolean duplicates) {
        if (!outstanding || isOpen()) {
            return false;
        }
        outstanding = false;
        return repeats && !duplicates;
    }

    private boolean isOpen() {
        return Serial32.isNewerOrEqual(endTsn, sent.firstTsn()) && sent.at(endTsn).state == State.IN_FLIGHT;
    }

    void cancel() {
        outstanding = false;
        timers.clear(SctpTimer.TAIL_PROBE);
    }
}
