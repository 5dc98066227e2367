package dev.nearhand.transport.sctp.packet;

/// Numbers of the parameters that are understood here, or known and passed over without a report.
public final class ParameterType {
    public static final int HEARTBEAT_INFO = 1;
    public static final int IPV4_ADDRESS = 5;
    public static final int IPV6_ADDRESS = 6;
    public static final int STATE_COOKIE = 7;
    public static final int UNRECOGNIZED_PARAMETER = 8;
    public static final int COOKIE_PRESERVATIVE = 9;
    public static final int SUPPORTED_ADDRESS_TYPES = 12;
    public static final int OUTGOING_RESET_REQUEST = 13;
    public static final int INCOMING_RESET_REQUEST = 14;
    public static final int RECONFIG_RESPONSE = 16;
    public static final int ZERO_CHECKSUM_ACCEPTABLE = 0x8001;
    public static final int SUPPORTED_EXTENSIONS = 0x8008;
    public static final int FORWARD_TSN_SUPPORTED = 0xC000;

    private ParameterType() {}
}
