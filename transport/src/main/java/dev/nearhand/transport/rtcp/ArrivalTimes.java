package dev.nearhand.transport.rtcp;

import static dev.nearhand.transport.rtcp.RtcpPacket.TransportFeedback.MAX_PACKETS;
import static dev.nearhand.transport.rtcp.RtcpPacket.TransportFeedback.NOT_RECEIVED;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/// The statuses and arrival times in transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01
/// section 3.1): chunks of 16 bits say of each packet how its time is written, the times follow, each as the difference
/// to the one before.
final class ArrivalTimes {
    private static final int MISSING = 0;
    private static final int SMALL = 1;
    private static final int LARGE = 2;

    private static final int RUN_LIMIT = 0x1FFF;
    private static final int ONE_BIT_PACKETS = 14;
    private static final int TWO_BIT_PACKETS = 7;

    private ArrivalTimes() {}

    /// @return as many as are announced; what is short, or too much, leaves the reader truncated
    static List<Integer> read(int packets, ByteReader in) {
        if (packets > MAX_PACKETS) {
            in.skip(in.remaining() + 1);
            return List.of();
        }
        byte[] symbols = new byte[packets];
        for (int i = 0; i < packets && !in.isTruncated(); ) {
            i = chunk(in.u16(), symbols, i);
        }
        List<Integer> arrivals = new ArrayList<>(packets);
        int time = 0;
        for (int i = 0; i < packets && !in.isTruncated(); i++) {
            switch (symbols[i]) {
                case MISSING -> arrivals.add(NOT_RECEIVED);
                case SMALL -> arrivals.add(time += in.u8());
                case LARGE -> arrivals.add(time += (short) in.u16());
                default -> in.skip(in.remaining() + 1); // reserved
            }
        }
        return arrivals;
    }

    /// @return the place of the next packet
    private static int chunk(int chunk, byte[] symbols, int from) {
        int i = from;
        if (chunk >> 15 == 0) {
            int end = Math.min(symbols.length, from + (chunk & RUN_LIMIT));
            while (i < end) {
                symbols[i++] = (byte) (chunk >> 13 & 3);
            }
            return i;
        }
        boolean oneBit = (chunk >> 14 & 1) == 0;
        int count = oneBit ? ONE_BIT_PACKETS : TWO_BIT_PACKETS;
        for (int k = 1; k <= count && i < symbols.length; k++) {
            symbols[i++] = (byte) (oneBit ? chunk >> ONE_BIT_PACKETS - k & 1 : chunk >> 2 * (TWO_BIT_PACKETS - k) & 3);
        }
        return i;
    }

    static void write(List<Integer> arrivals, ByteWriter out) {
        byte[] symbols = new byte[arrivals.size()];
        int time = 0;
        for (int i = 0; i < symbols.length; i++) {
            int arrival = arrivals.get(i);
            if (arrival != NOT_RECEIVED) {
                int delta = arrival - time;
                if (delta != (short) delta) {
                    throw new IllegalArgumentException("times of arrival differ by 16 bits at most, not by " + delta);
                }
                symbols[i] = delta >= 0 && delta <= 0xFF ? (byte) SMALL : (byte) LARGE;
                time = arrival;
            }
        }
        for (int i = 0; i < symbols.length; ) {
            i = writeChunk(symbols, i, out);
        }
        time = 0;
        for (int i = 0; i < symbols.length; i++) {
            if (symbols[i] != MISSING) {
                int delta = arrivals.get(i) - time;
                if (symbols[i] == SMALL) {
                    out.u8(delta);
                } else {
                    out.u16(delta);
                }
                time = arrivals.get(i);
            }
        }
    }

    private static int writeChunk(byte[] symbols, int from, ByteWriter out) {
        int run = from;
        while (run < symbols.length && symbols[run] == symbols[from] && run - from < RUN_LIMIT) {
            run++;
        }
        if (run - from >= ONE_BIT_PACKETS || run == symbols.length) {
            out.u16(symbols[from] << 13 | run - from);
            return run;
        }
        int end = Math.min(symbols.length, from + ONE_BIT_PACKETS);
        boolean oneBit = true;
        for (int i = from; i < end; i++) {
            oneBit &= symbols[i] != LARGE;
        }
        end = oneBit ? end : Math.min(symbols.length, from + TWO_BIT_PACKETS);
        int bits = 0;
        for (int i = from; i < end; i++) {
            int behind = i - from + 1;
            bits |= symbols[i] << (oneBit ? ONE_BIT_PACKETS - behind : 2 * (TWO_BIT_PACKETS - behind));
        }
        out.u16((oneBit ? 0x8000 : 0xC000) | bits);
        return end;
    }
}
