package dev.nearhand.transport.rtcp;

import dev.nearhand.transport.rtcp.RtcpPacket.EstimatedMaxBitrate;
import dev.nearhand.transport.rtcp.RtcpPacket.FullIntraRequest;
import dev.nearhand.transport.rtcp.RtcpPacket.GenericNack;
import dev.nearhand.transport.rtcp.RtcpPacket.Goodbye;
import dev.nearhand.transport.rtcp.RtcpPacket.PictureLossIndication;
import dev.nearhand.transport.rtcp.RtcpPacket.ReceiverReport;
import dev.nearhand.transport.rtcp.RtcpPacket.SenderReport;
import dev.nearhand.transport.rtcp.RtcpPacket.SourceDescription;
import dev.nearhand.transport.rtcp.RtcpPacket.TransportFeedback;
import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// Writes RTCP packets one behind the other into a lent buffer. That the compound begins with a report and has a CNAME
/// (RFC 3550 section 6.1) is the caller's matter.
public final class RtcpWriter {
    private static final int MAX_TEXT_BYTES = 255;
    private static final int REMB_MANTISSA_BITS = 18;

    private final ByteWriter out;

    /// Writes from the buffer's position on, and moves it.
    public RtcpWriter(ByteBuffer target) {
        this.out = new ByteWriter(target);
    }

    /// How many bytes have been written.
    public int length() {
        return out.length();
    }

    public RtcpWriter write(RtcpPacket packet) {
        int start = out.length();
        out.i32(0); // the header, once the length is known
        int head = body(packet);
        int words = (out.length() - start) / 4 - 1;
        out.setI32(start, 0x8000_0000 | head << 16 | words);
        return this;
    }

    /// Writes what follows the header, and answers count or format, and type: its first 16 bits without the version.
    private int body(RtcpPacket packet) {
        return switch (packet) {
            case SenderReport report -> {
                out.i32(report.ssrc())
                        .i64(report.ntpTime())
                        .i32(report.rtpTimestamp())
                        .u32(report.packetCount())
                        .u32(report.octetCount());
                yield head(blocks(report.blocks()), RtcpType.SENDER_REPORT);
            }
            case ReceiverReport report -> {
                out.i32(report.ssrc());
                yield head(blocks(report.blocks()), RtcpType.RECEIVER_REPORT);
            }
            case SourceDescription description -> {
                description.chunks().forEach(this::chunk);
                yield head(counted(description.chunks()), RtcpType.SOURCE_DESCRIPTION);
            }
            case Goodbye bye -> {
                bye.ssrcs().forEach(out::i32);
                if (!bye.reason().isEmpty()) {
                    text(bye.reason());
                    align(0);
                }
                yield head(counted(bye.ssrcs()), RtcpType.GOODBYE);
            }
            case GenericNack nack -> {
                out.i32(nack.senderSsrc()).i32(nack.mediaSsrc());
                lost(nack.lost());
                yield head(RtcpType.FORMAT_NACK, RtcpType.TRANSPORT_FEEDBACK);
            }
            case TransportFeedback feedback -> {
                out.i32(feedback.senderSsrc())
                        .i32(feedback.mediaSsrc())
                        .u16(feedback.baseSequence())
                        .u16(feedback.arrivals().size())
                        .u24(feedback.referenceTime())
                        .u8(feedback.feedbackCount());
                ArrivalTimes.write(feedback.arrivals(), out);
                align(0);
                yield head(RtcpType.FORMAT_TRANSPORT_CC, RtcpType.TRANSPORT_FEEDBACK);
            }
            case PictureLossIndication pli -> {
                out.i32(pli.senderSsrc()).i32(pli.mediaSsrc());
                yield head(RtcpType.FORMAT_PLI, RtcpType.PAYLOAD_FEEDBACK);
            }
            case FullIntraRequest request -> {
                out.i32(request.senderSsrc()).i32(0);
                request.entries()
                        .forEach(entry ->
                                out.i32(entry.ssrc()).u8(entry.sequence()).u24(0));
                yield head(RtcpType.FORMAT_FIR, RtcpType.PAYLOAD_FEEDBACK);
            }
            case EstimatedMaxBitrate estimate -> {
                estimate(estimate);
                yield head(RtcpType.FORMAT_APPLICATION, RtcpType.PAYLOAD_FEEDBACK);
            }
        };
    }

    private static int head(int count, int type) {
        return count << 8 | type;
    }

    private static int counted(Collection<?> items) {
        if (items.size() > RtcpPacket.MAX_COUNT) {
            throw new IllegalArgumentException("an RTCP packet counts up to 31, not " + items.size());
        }
        return items.size();
    }

    private int blocks(List<ReportBlock> blocks) {
        blocks.forEach(block -> block.write(out));
        return counted(blocks);
    }

    private void chunk(SourceDescription.Chunk chunk) {
        out.i32(chunk.ssrc()).u8(RtcpType.SDES_CNAME);
        text(chunk.cname());
        align(1); // the list of items ends with at least one zero
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_TEXT_BYTES) {
            bytes = Arrays.copyOf(bytes, MAX_TEXT_BYTES);
        }
        out.u8(bytes.length).bytes(bytes);
    }

    private void align(int atLeastBytes) {
        out.zeros(atLeastBytes);
        out.zeros(-out.length() & 3);
    }

    private void lost(List<Integer> lost) {
        for (int i = 0; i < lost.size(); ) {
            int first = lost.get(i++);
            int mask = 0;
            for (; i < lost.size(); i++) {
                int behind = (lost.get(i) - first & 0xFFFF) - 1;
                if (behind < 0 || behind > 15) {
                    break;
                }
                mask |= 1 << behind;
            }
            out.u16(first).u16(mask);
        }
    }

    private void estimate(EstimatedMaxBitrate estimate) {
        int exponent = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(estimate.bitrateBps()) - REMB_MANTISSA_BITS);
        int mantissa = (int) (estimate.bitrateBps() >>> exponent);
        out.i32(estimate.senderSsrc())
                .i32(0)
                .i32(RtcpType.REMB_IDENTIFIER)
                .u8(estimate.ssrcs().size())
                .u24(exponent << REMB_MANTISSA_BITS | mantissa);
        estimate.ssrcs().forEach(out::i32);
    }
}
