package dev.nearhand.transport.payload;

/// Types of NAL units (ITU-T H.264 table 7-1), and those that only RTP knows (RFC 6184 table 1).
final class NalType {
    static final int TYPE_MASK = 0x1F;
    static final int NRI_MASK = 0x60;
    static final int FORBIDDEN_BIT = 0x80;

    static final int SLICE = 1;
    static final int SLICE_PARTITION_A = 2;
    static final int IDR = 5;
    static final int SEI = 6;
    static final int SPS = 7;
    static final int PPS = 8;
    static final int AUD = 9;
    static final int LAST_OF_H264 = 23;
    static final int STAP_A = 24;
    static final int FU_A = 28;

    private NalType() {}

    static int of(int header) {
        return header & TYPE_MASK;
    }

    static boolean isSingle(int type) {
        return type > 0 && type <= LAST_OF_H264;
    }
}
