package dev.nearhand.transport.payload;

/// The formats whose payloads are understood, under the names of their media subtypes.
public enum Codec {
    /// RFC 7741.
    VP8,
    /// RFC 9628.
    VP9,
    /// RFC 6184, packetization modes 0 and 1.
    H264,
    /// RTP Payload Format For AV1, version 1.0.
    AV1,
    /// RFC 7587.
    OPUS;

    public boolean isAudio() {
        return this == OPUS;
    }
}
