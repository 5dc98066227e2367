package dev.nearhand.transport.payload;

/// The video formats whose payloads are understood.
public enum Codec {
    /// RFC 7741.
    VP8
}
