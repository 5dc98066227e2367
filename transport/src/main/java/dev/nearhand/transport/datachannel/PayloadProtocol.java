package dev.nearhand.transport.datachannel;

/// SCTP payload protocol identifiers of WebRTC ([RFC 8831 section
/// 8](https://www.rfc-editor.org/rfc/rfc8831#section-8)). The deprecated "partial" ones, 52 and 54, are not spoken.
final class PayloadProtocol {
    static final int DCEP = 50;
    static final int STRING = 51;
    static final int BINARY = 53;
    static final int STRING_EMPTY = 56;
    static final int BINARY_EMPTY = 57;

    private PayloadProtocol() {}
}
