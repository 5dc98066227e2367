package dev.nearhand.transport.api;

/// The video formats that a track can carry.
public enum VideoCodec {
    /// RFC 7741.
    VP8
}
