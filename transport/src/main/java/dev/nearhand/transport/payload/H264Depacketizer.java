package dev.nearhand.transport.payload;

import dev.nearhand.transport.wire.ByteReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// RFC 6184, packetization modes 0 and 1: single NAL units, STAP-A and FU-A. A frame is the access unit of one
/// timestamp, in the byte stream form of annex B with start codes of four bytes.
///
/// Interleaved payloads (STAP-B, MTAP, FU-B) are refused: mode 2 is never agreed on. What begins an access unit is not
/// told by a payload alone: a parameter set does, and else the timestamp.
public final class H264Depacketizer implements Depacketizer {
    private static final int FU_START = 0x80;
    private static final int FU_END = 0x40;
    private static final int FIRST_MACROBLOCK_IS_ZERO = 0x80;

    @Override
    public Codec codec() {
        return Codec.H264;
    }

    @Override
    public @Nullable Piece inspect(ByteBuffer payload) {
        ByteReader in = new ByteReader(payload);
        int header = in.u8();
        int type = NalType.of(header);
        if (in.isTruncated()) {
            return null;
        }
        if (NalType.isSingle(type)) {
            return piece(type, in.u8());
        }
        return switch (type) {
            case NalType.STAP_A -> inspectAggregate(in);
            case NalType.FU_A -> inspectFragment(in);
            default -> null;
        };
    }

    private static @Nullable Piece inspectFragment(ByteReader in) {
        int fuHeader = in.u8();
        int first = in.u8();
        boolean start = (fuHeader & FU_START) != 0;
        int type = NalType.of(fuHeader);
        if (in.isTruncated() || !NalType.isSingle(type) || start && (fuHeader & FU_END) != 0) {
            return null; // "the Start bit and End bit MUST NOT both be set" (section 5.8)
        }
        return start ? piece(type, first) : new Piece(Start.NO, false, false, 0);
    }

    /// The first unit says where it belongs, and any of them whether it is a key frame.
    private static @Nullable Piece inspectAggregate(ByteReader in) {
        Piece result = null;
        while (in.hasRemaining()) {
            ByteReader unit = new ByteReader(in.slice(in.u16()));
            int type = NalType.of(unit.u8());
            if (in.isTruncated() || unit.isTruncated() || !NalType.isSingle(type)) {
                return null;
            }
            Piece piece = piece(type, unit.u8());
            if (result == null || piece.start() == Start.YES) {
                result = new Piece(piece.start(), piece.keyframe() || result != null && result.keyframe(), false, 0);
            } else if (piece.keyframe()) {
                result = new Piece(result.start(), true, false, 0);
            }
        }
        return result;
    }

    /// @param sliceHead the byte behind the NAL unit's header; a slice begins with first_mb_in_slice, where one set bit
    ///     means 0 (ITU-T H.264 sections 7.3.3 and 9.1)
    private static Piece piece(int type, int sliceHead) {
        boolean keyframe = type == NalType.IDR || type == NalType.SPS;
        Start start =
                switch (type) {
                    case NalType.SPS -> Start.YES;
                    case NalType.SLICE, NalType.SLICE_PARTITION_A, NalType.IDR ->
                        (sliceHead & FIRST_MACROBLOCK_IS_ZERO) != 0 ? Start.WITH_NEW_TIMESTAMP : Start.NO;
                    case NalType.SEI, NalType.PPS, NalType.AUD, 14, 15, 16, 17, 18 -> // ITU-T H.264 section 7.4.1.2.3
                        Start.WITH_NEW_TIMESTAMP;
                    default -> Start.NO;
                };
        return new Piece(start, keyframe, false, 0);
    }

    @Override
    public byte @Nullable [] join(List<ByteBuffer> payloads) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        int fragmented = 0; // the type of the NAL unit that is under way
        for (ByteBuffer payload : payloads) {
            ByteReader in = new ByteReader(payload);
            int header = in.u8();
            int type = NalType.of(header);
            if (type != NalType.FU_A && fragmented != 0) {
                return null;
            }
            if (type == NalType.STAP_A) {
                while (in.hasRemaining() && !in.isTruncated()) {
                    write(frame, in.bytes(in.u16()));
                }
            } else if (type == NalType.FU_A) {
                int fuHeader = in.u8();
                boolean start = (fuHeader & FU_START) != 0;
                if (start != (fragmented == 0) || !start && NalType.of(fuHeader) != fragmented) {
                    return null;
                }
                if (start) {
                    frame.writeBytes(AnnexB.START_CODE);
                    frame.write(header & ~NalType.TYPE_MASK | NalType.of(fuHeader));
                }
                frame.writeBytes(in.bytes(in.remaining()));
                fragmented = (fuHeader & FU_END) != 0 ? 0 : NalType.of(fuHeader);
            } else {
                write(frame, bytes(payload));
            }
        }
        return fragmented == 0 && frame.size() > 0 ? frame.toByteArray() : null;
    }

    private static void write(ByteArrayOutputStream frame, byte[] unit) {
        frame.writeBytes(AnnexB.START_CODE);
        frame.writeBytes(unit);
    }

    private static byte[] bytes(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(payload.position(), bytes);
        return bytes;
    }
}
