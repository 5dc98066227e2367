package dev.nearhand.transport.peer;

import dev.nearhand.transport.payload.Codec;
import java.util.List;

/// Video or audio that this side sends.
///
/// @param handle how the owner of the core names it
/// @param name its track id towards the other side
/// @param codecs what its owner can encode, most wanted first; at least one
/// @param rtxSsrc of its retransmissions (RFC 4588)
record LocalTrack(int handle, String name, List<Codec> codecs, int ssrc, int rtxSsrc) {
    LocalTrack {
        codecs = List.copyOf(codecs);
    }
}
