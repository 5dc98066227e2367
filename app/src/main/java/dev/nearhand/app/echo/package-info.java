/// The HTTP protocol of webrtc-echoes, client and server: an offer is posted, the answer comes back, and what is sent
/// over the connection is echoed. With it any two WebRTC programs are tried against each other.
@NullMarked
package dev.nearhand.app.echo;

import org.jspecify.annotations.NullMarked;
