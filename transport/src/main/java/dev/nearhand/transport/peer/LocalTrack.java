package dev.nearhand.transport.peer;

import dev.nearhand.transport.payload.Codec;

/// Video or audio that this side sends.
///
/// @param handle how the owner of the core names it
/// @param name its track id towards the other side
/// @param rtxSsrc of its retransmissions (RFC 4588)
record LocalTrack(int handle, String name, Codec codec, int ssrc, int rtxSsrc) {}
