/// Session descriptions (RFC 8866) as WebRTC programs write them (RFC 9429): a model that keeps every line, and typed
/// access to what a WebRTC peer needs. Knows no other package; what the lines mean together is for `peer` to decide.
@NullMarked
package dev.nearhand.transport.sdp;

import org.jspecify.annotations.NullMarked;
