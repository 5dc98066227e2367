package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.SentChunk.State;
import dev.nearhand.transport.time.TimerTable;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;

/// Sends the recent small messages of streams that ask for it again before anybody can know that they are lost: beside
/// whatever leaves anyway, or alone after a few milliseconds, until they are acknowledged or enough copies are out.
///
/// Reliable streams that send little get some of it without asking, because one lost message holds up those behind it:
/// a single copy while the path was seen to lose something of late, and the same copies as events once a message had to
/// be sent again, so that it is not lost twice.
///
/// A copy is the same DATA chunk with the same TSN, so every peer delivers it once and in order
/// ([RFC 9260 section 6.2](https://www.rfc-editor.org/rfc/rfc9260#section-6.2) drops duplicates). This departs from
/// section 6.3, which sends again only what seems lost, and from section 7.2, because a copy does not wait for the
/// congestion window. So the copies are few, small, and no more in a round trip than the owner allows. What no copy has
/// brought through is left to [LossDetector] and [TailProbe], which see each chunk as sent once.
final class Redundancy {
    /// A larger message is not an event, and is sent once like any other.
    static final int MAX_MESSAGE_BYTES = 512;

    /// After the first transmission; 5, 15 and 35 ms later when nothing else leaves before.
    static final int MAX_COPIES = 3;

    /// What was lost says for so long that more will be. Copies hide losses, so it is not short.
    private static final long LOSSY_NANOS = 60_000_000_000L;

    /// Until the first copy. Short against a round trip over the internet, longer than the losses of one burst mostly
    /// last, and longer than the round trip in a local network, where the acknowledgement comes before it.
    private static final long FIRST_COPY_NANOS = 5_000_000L;

    /// Chunks that may wait for copies; when there are more, the oldest gets no more of them.
    private static final int LIMIT = 32;

    /// How many TSNs of copies are remembered, to tell the duplicates that they make from others.
    private static final int REMEMBERED = 256;

    private final TimerTable<SctpTimer> timers;
    private final Counters counters;
    private final ArrayDeque<SentChunk> recent = new ArrayDeque<>();
    private final int[] copiedTsns = new int[REMEMBERED];
    private long copied;
    private boolean due;
    private long roundEndNanos;
    private int roundBytes;
    private int roundRoomBytes;
    private long lossyUntilNanos = Long.MIN_VALUE;

    Redundancy(TimerTable<SctpTimer> timers, Counters counters) {
        this.timers = timers;
        this.counters = counters;
    }

    /// Whether a message is small enough, and sent in one chunk.
    static boolean isSmall(SentChunk chunk) {
        return chunk.message.bytes.length <= MAX_MESSAGE_BYTES && chunk.length == chunk.message.bytes.length;
    }

    /// A chunk of a stream that asks for it has left for the first time.
    void onFirstSent(SentChunk chunk, long nowNanos) {
        if (isSmall(chunk)) {
            chunk.immediate = true; // what is known to have arrived needs no copy
            plan(chunk, nowNanos, MAX_COPIES);
        }
    }

    /// A sparse chunk of another stream has left for the first time.
    void onSparseSent(SentChunk chunk, long nowNanos) {
        if (nowNanos < lossyUntilNanos) {
            chunk.immediate = true;
            plan(chunk, nowNanos, 1);
        }
    }

    /// A sparse chunk was lost, and has left again.
    void onSparseSentAgain(SentChunk chunk, long nowNanos) {
        plan(chunk, nowNanos, MAX_COPIES);
    }

    /// Something was lost.
    void onLoss(long nowNanos) {
        lossyUntilNanos = nowNanos + LOSSY_NANOS;
    }

    private void plan(SentChunk chunk, long nowNanos, int mostCopies) {
        recent.remove(chunk);
        if (recent.size() == LIMIT) {
            recent.remove();
        }
        chunk.copies = 0;
        chunk.mostCopies = mostCopies;
        chunk.copyNanos = nowNanos;
        recent.add(chunk);
        timers.setIfIdle(SctpTimer.COPIES, nowNanos + FIRST_COPY_NANOS);
    }

    /// The time of a chunk's copy has come.
    void onTimeout() {
        due = true;
    }

    boolean isDue() {
        return due;
    }

    /// A packet is begun.
    ///
    /// @param roundNanos the smoothed round-trip time, or 0
    /// @param allowedBytes how much may leave in a round trip as copies or out of turn
    void beginPacket(long nowNanos, long roundNanos, int allowedBytes) {
        if (nowNanos >= roundEndNanos) {
            roundEndNanos = nowNanos + Math.max(FIRST_COPY_NANOS, roundNanos);
            roundBytes = 0;
        }
        roundRoomBytes = allowedBytes - roundBytes;
    }

    /// What may still leave in this round trip as copies or out of turn.
    int roundRoomBytes() {
        return roundRoomBytes;
    }

    /// An event has left without waiting for the congestion window.
    void onOutOfTurn(SentChunk event) {
        take(event);
    }

    private void take(SentChunk chunk) {
        roundBytes += chunk.sizeBytes();
        roundRoomBytes -= chunk.sizeBytes();
    }

    /// Adds copies to a packet that leaves anyway, or begins one when it is time.
    void write(long nowNanos, PacketBuilder packet) {
        if (recent.isEmpty() || packet.isEmpty() && !due) {
            return;
        }
        long next = TimerTable.NEVER;
        for (Iterator<SentChunk> each = recent.iterator(); each.hasNext(); ) {
            SentChunk chunk = each.next();
            if (chunk.state != State.IN_FLIGHT || chunk.message.isExpired(nowNanos)) {
                each.remove();
                continue;
            }
            long waitNanos = FIRST_COPY_NANOS << chunk.copies;
            // a copy that rides along may come early, but not in the same burst
            boolean wanted = nowNanos - chunk.copyNanos >= (due ? waitNanos : waitNanos / 2);
            if (wanted) {
                boolean fits = chunk.sizeBytes() <= Math.min(packet.room(), roundRoomBytes);
                if (fits) {
                    copy(chunk, packet);
                }
                if (fits || due) { // one that finds no place at its time is passed over, so that the timer goes on
                    chunk.copies++;
                    chunk.copyNanos = nowNanos;
                }
                if (chunk.copies == chunk.mostCopies) {
                    each.remove();
                    continue;
                }
            }
            next = Math.min(next, chunk.copyNanos + (FIRST_COPY_NANOS << chunk.copies));
        }
        due = false;
        timers.set(SctpTimer.COPIES, next);
    }

    private void copy(SentChunk chunk, PacketBuilder packet) {
        packet.add(chunk.toChunk());
        take(chunk);
        counters.copiedChunks++;
        copiedTsns[(int) (copied++ % REMEMBERED)] = chunk.tsn;
    }

    /// Whether a SACK reports a duplicate that no copy explains.
    ///
    /// @param duplicates TSNs of 32 bits
    boolean leavesUnexplained(ByteBuffer duplicates) {
        for (int at = duplicates.position(); at + Integer.BYTES <= duplicates.limit(); at += Integer.BYTES) {
            if (!isCopied(duplicates.getInt(at))) {
                return true;
            }
        }
        return false;
    }

    private boolean isCopied(int tsn) {
        for (int i = 0; i < Math.min(copied, REMEMBERED); i++) {
            if (copiedTsns[i] == tsn) {
                return true;
            }
        }
        return false;
    }

    void stop() {
        recent.clear();
        due = false;
        timers.clear(SctpTimer.COPIES);
    }
}
