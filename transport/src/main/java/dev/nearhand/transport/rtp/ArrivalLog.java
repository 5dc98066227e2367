package dev.nearhand.transport.rtp;

import dev.nearhand.transport.rtcp.RtcpPacket.TransportFeedback;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Seq16;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// When packets with a transport-wide number arrived, and what is to be told about it
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01).
///
/// Keeps the last [#CAPACITY] packets. What comes late, after it was told to be missing, is told again.
final class ArrivalLog {
    static final int CAPACITY = 4_096;

    /// Fits in a datagram behind the reports, whatever the times are.
    private static final int FEEDBACK_PACKETS = 380;

    private static final long INTERVAL_NANOS = 50_000_000;

    /// At the beginning, when the other side knows nothing of the path and a large picture waits.
    private static final long FIRST_INTERVAL_NANOS = 15_000_000;

    private static final int FIRST_PACKETS = 256;
    private static final long ABSENT = Long.MIN_VALUE;
    private static final int REFERENCE_MASK = 0xFF_FFFF;

    private final long[] arrivedNanos = new long[CAPACITY];
    private long firstSequence;
    private long nextToTell;
    private long highest = -1;
    private boolean begun;
    private int feedbackCount;
    private long dueNanos = TimerTable.NEVER;
    private int mediaSsrc;
    private boolean stopped;

    ArrivalLog() {
        Arrays.fill(arrivedNanos, ABSENT);
    }

    /// @param number 0–65535
    /// @param ssrc of its packet
    void arrived(long nowNanos, int number, int ssrc) {
        long sequence = begun ? Seq16.extend(highest, number) : number + (1L << 16);
        if (!begun) {
            begun = true;
            highest = sequence - 1;
            nextToTell = sequence;
            firstSequence = sequence;
        }
        if (sequence <= highest - CAPACITY || arrived(sequence) != ABSENT && sequence <= highest) {
            return; // too old, or the second of its kind
        }
        for (long missing = Math.max(highest + 1, sequence - CAPACITY + 1); missing < sequence; missing++) {
            set(missing, ABSENT);
        }
        set(sequence, nowNanos);
        highest = Math.max(highest, sequence);
        nextToTell = Math.max(Math.min(nextToTell, sequence), highest - CAPACITY + 1);
        mediaSsrc = ssrc;
        if (dueNanos == TimerTable.NEVER && !stopped) {
            dueNanos = nowNanos + (sequence - firstSequence < FIRST_PACKETS ? FIRST_INTERVAL_NANOS : INTERVAL_NANOS);
        }
    }

    private long arrived(long sequence) {
        return arrivedNanos[(int) (sequence & CAPACITY - 1)];
    }

    private void set(long sequence, long nanos) {
        arrivedNanos[(int) (sequence & CAPACITY - 1)] = nanos;
    }

    /// Tells nothing any more.
    void stop() {
        stopped = true;
        dueNanos = TimerTable.NEVER;
    }

    long nextTimeoutNanos() {
        return dueNanos;
    }

    /// What is to be told now; null when nothing is due.
    @Nullable
    TransportFeedback poll(long nowNanos, int senderSsrc) {
        if (nowNanos < dueNanos) {
            return null;
        }
        List<Integer> arrivals = new ArrayList<>();
        long first = nextToTell;
        long reference = -1;
        int before = 0;
        while (nextToTell <= highest && arrivals.size() < FEEDBACK_PACKETS) {
            long arrived = arrived(nextToTell);
            if (arrived == ABSENT) {
                arrivals.add(TransportFeedback.NOT_RECEIVED);
            } else {
                if (reference < 0) {
                    reference = arrived / TransportFeedback.REFERENCE_NANOS;
                }
                long ticks = Math.floorDiv(
                        arrived - reference * TransportFeedback.REFERENCE_NANOS, TransportFeedback.TICK_NANOS);
                if (ticks - before != (short) (ticks - before)) {
                    break; // in another feedback, with its own reference
                }
                before = (int) ticks;
                arrivals.add(before);
            }
            nextToTell++;
        }
        if (nextToTell > highest) {
            dueNanos = TimerTable.NEVER;
        }
        if (reference < 0) {
            reference = nowNanos / TransportFeedback.REFERENCE_NANOS; // all of these are missing
        }
        int wrapped = (int) reference & REFERENCE_MASK;
        int count = feedbackCount;
        feedbackCount = feedbackCount + 1 & 0xFF;
        return new TransportFeedback(senderSsrc, mediaSsrc, (int) first & 0xFFFF, wrapped, count, arrivals);
    }
}
