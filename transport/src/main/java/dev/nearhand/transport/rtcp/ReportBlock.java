package dev.nearhand.transport.rtcp;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;

/// What a receiver says about one source (RFC 3550 section 6.4.1).
///
/// @param ssrc the source it is about
/// @param fractionLost of the packets since the last report, in 1/256
/// @param cumulativeLost since the beginning; negative when more came than were sent, 24 bits
/// @param highestSequence the extended highest sequence number received, 32 bits
/// @param jitter in timestamp units
/// @param lastSenderReport the middle 32 bits of the NTP time of the last sender report, or 0
/// @param delaySinceLastSenderReport in 1/65536 s
public record ReportBlock(
        int ssrc,
        int fractionLost,
        int cumulativeLost,
        int highestSequence,
        long jitter,
        int lastSenderReport,
        long delaySinceLastSenderReport) {
    static final int BYTES = 24;

    private static final int MAX_CUMULATIVE = 0x7F_FFFF;
    private static final int MIN_CUMULATIVE = -0x80_0000;

    static ReportBlock read(ByteReader in) {
        return new ReportBlock(in.i32(), in.u8(), in.u24() << 8 >> 8, in.i32(), in.u32(), in.i32(), in.u32());
    }

    void write(ByteWriter out) {
        out.i32(ssrc)
                .u8(fractionLost)
                .u24(Math.clamp(cumulativeLost, MIN_CUMULATIVE, MAX_CUMULATIVE))
                .i32(highestSequence)
                .u32(jitter)
                .i32(lastSenderReport)
                .u32(delaySinceLastSenderReport);
    }
}
