package dev.nearhand.transport.rtcp;

/// Packet types and feedback formats, as they stand in the second and the first byte.
final class RtcpType {
    static final int SENDER_REPORT = 200;
    static final int RECEIVER_REPORT = 201;
    static final int SOURCE_DESCRIPTION = 202;
    static final int GOODBYE = 203;
    static final int TRANSPORT_FEEDBACK = 205;
    static final int PAYLOAD_FEEDBACK = 206;

    static final int FORMAT_NACK = 1;
    static final int FORMAT_TRANSPORT_CC = 15;
    static final int FORMAT_PLI = 1;
    static final int FORMAT_FIR = 4;
    static final int FORMAT_APPLICATION = 15;

    static final int SDES_END = 0;
    static final int SDES_CNAME = 1;

    /// "REMB".
    static final int REMB_IDENTIFIER = 0x52454D42;

    private RtcpType() {}
}
