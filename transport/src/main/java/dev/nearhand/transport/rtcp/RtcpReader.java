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
import dev.nearhand.transport.wire.ByteReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses compound RTCP packets (RFC 3550 section 6.1), reduced-size ones too (RFC 5506). Never throws on any bytes,
/// and holds no state.
public final class RtcpReader {
    /// How many packets of one datagram are read; the rest is counted as malformed.
    static final int MAX_PACKETS = 64;

    private static final int HEADER_BYTES = 4;

    private RtcpReader() {}

    /// Reads from the buffer's position to its limit, without moving them.
    public static RtcpCompound parse(ByteBuffer datagram) {
        ByteReader in = new ByteReader(datagram);
        List<RtcpPacket> packets = new ArrayList<>();
        int unknown = 0;
        int malformed = 0;
        for (int count = 0; in.hasRemaining(); count++) {
            int first = in.u8();
            int type = in.u8();
            int bodyBytes = 4 * in.u16();
            ByteBuffer body = in.slice(bodyBytes);
            if (in.isTruncated() || first >> 6 != 2 || count == MAX_PACKETS) {
                malformed++;
                break;
            }
            if ((first & 0x20) != 0 && !removePadding(body)) {
                malformed++;
                continue;
            }
            ByteReader content = new ByteReader(body);
            RtcpPacket packet = packet(type, first & 0x1F, content);
            if (content.isTruncated()) {
                malformed++;
            } else if (packet == null) {
                unknown++;
            } else {
                packets.add(packet);
            }
        }
        return new RtcpCompound(packets, unknown, malformed);
    }

    private static boolean removePadding(ByteBuffer body) {
        int padding = body.hasRemaining() ? body.get(body.limit() - 1) & 0xFF : 0;
        if (padding == 0 || padding % 4 != 0 || padding > body.remaining()) {
            return false;
        }
        body.limit(body.limit() - padding);
        return true;
    }

    private static @Nullable RtcpPacket packet(int type, int count, ByteReader in) {
        return switch (type) {
            case RtcpType.SENDER_REPORT ->
                new SenderReport(in.i32(), in.i64(), in.i32(), in.u32(), in.u32(), blocks(count, in));
            case RtcpType.RECEIVER_REPORT -> new ReceiverReport(in.i32(), blocks(count, in));
            case RtcpType.SOURCE_DESCRIPTION -> new SourceDescription(chunks(count, in));
            case RtcpType.GOODBYE -> new Goodbye(ssrcs(count, in), reason(in));
            case RtcpType.TRANSPORT_FEEDBACK -> transportFeedback(count, in);
            case RtcpType.PAYLOAD_FEEDBACK -> payloadFeedback(count, in);
            default -> null;
        };
    }

    private static List<ReportBlock> blocks(int count, ByteReader in) {
        List<ReportBlock> blocks = new ArrayList<>(count);
        for (int i = 0; i < count && !in.isTruncated(); i++) {
            blocks.add(ReportBlock.read(in));
        }
        return blocks;
    }

    private static List<Integer> ssrcs(int count, ByteReader in) {
        List<Integer> ssrcs = new ArrayList<>(count);
        for (int i = 0; i < count && !in.isTruncated(); i++) {
            ssrcs.add(in.i32());
        }
        return ssrcs;
    }

    private static String reason(ByteReader in) {
        if (!in.hasRemaining()) {
            return "";
        }
        return new String(in.bytes(in.u8()), StandardCharsets.UTF_8);
    }

    private static List<SourceDescription.Chunk> chunks(int count, ByteReader in) {
        List<SourceDescription.Chunk> chunks = new ArrayList<>(count);
        for (int i = 0; i < count && !in.isTruncated(); i++) {
            int ssrc = in.i32();
            chunks.add(new SourceDescription.Chunk(ssrc, cname(in)));
        }
        return chunks;
    }

    /// Reads all items of a chunk, with the zeros that end it at a word's boundary.
    private static String cname(ByteReader in) {
        String cname = "";
        for (int type = in.u8(); type != RtcpType.SDES_END && !in.isTruncated(); type = in.u8()) {
            byte[] value = in.bytes(in.u8());
            if (type == RtcpType.SDES_CNAME) {
                cname = new String(value, StandardCharsets.UTF_8);
            }
        }
        in.skip((HEADER_BYTES - in.position() % HEADER_BYTES) % HEADER_BYTES);
        return cname;
    }

    private static @Nullable RtcpPacket transportFeedback(int format, ByteReader in) {
        return switch (format) {
            case RtcpType.FORMAT_NACK -> new GenericNack(in.i32(), in.i32(), lost(in));
            case RtcpType.FORMAT_TRANSPORT_CC -> {
                int sender = in.i32();
                int media = in.i32();
                int base = in.u16();
                int packets = in.u16();
                int reference = in.u24();
                int count = in.u8();
                yield new TransportFeedback(sender, media, base, reference, count, ArrivalTimes.read(packets, in));
            }
            default -> null;
        };
    }

    /// The first lost packet of an entry, and a bit for each of the sixteen behind it.
    private static List<Integer> lost(ByteReader in) {
        List<Integer> lost = new ArrayList<>();
        while (in.remaining() >= 4) {
            int first = in.u16();
            int mask = in.u16();
            lost.add(first);
            for (int bit = 0; bit < 16; bit++) {
                if ((mask & 1 << bit) != 0) {
                    lost.add(first + bit + 1 & 0xFFFF);
                }
            }
        }
        return lost;
    }

    private static @Nullable RtcpPacket payloadFeedback(int format, ByteReader in) {
        return switch (format) {
            case RtcpType.FORMAT_PLI -> new PictureLossIndication(in.i32(), in.i32());
            case RtcpType.FORMAT_FIR -> {
                int sender = in.i32();
                in.i32(); // SHALL be ignored, RFC 5104 section 4.3.1.1
                yield new FullIntraRequest(sender, entries(in));
            }
            case RtcpType.FORMAT_APPLICATION -> estimatedMaxBitrate(in);
            default -> null;
        };
    }

    private static List<FullIntraRequest.Entry> entries(ByteReader in) {
        List<FullIntraRequest.Entry> entries = new ArrayList<>();
        while (in.remaining() >= 8) {
            entries.add(new FullIntraRequest.Entry(in.i32(), in.u8()));
            in.u24();
        }
        return entries;
    }

    private static @Nullable RtcpPacket estimatedMaxBitrate(ByteReader in) {
        int sender = in.i32();
        in.i32();
        if (in.i32() != RtcpType.REMB_IDENTIFIER) {
            return null;
        }
        int count = in.u8();
        int exponentAndMantissa = in.u24();
        int exponent = exponentAndMantissa >> 18;
        long mantissa = exponentAndMantissa & 0x3_FFFF;
        long bitrate = Long.numberOfLeadingZeros(mantissa) > exponent ? mantissa << exponent : Long.MAX_VALUE;
        Set<Integer> ssrcs = new LinkedHashSet<>();
        for (int i = 0; i < count && !in.isTruncated(); i++) {
            ssrcs.add(in.i32());
        }
        return new EstimatedMaxBitrate(sender, bitrate, ssrcs);
    }
}
