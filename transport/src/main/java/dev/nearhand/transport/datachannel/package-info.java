/// WebRTC data channels (RFC 8831, RFC 8832) over one SCTP association.
@NullMarked
package dev.nearhand.transport.datachannel;

import org.jspecify.annotations.NullMarked;
