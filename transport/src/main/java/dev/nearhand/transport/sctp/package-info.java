/// SCTP over DTLS (RFC 9260 with RFC 3758 and RFC 6525, as RFC 8831 profiles them): one association as a core
/// without I/O.
@NullMarked
package dev.nearhand.transport.sctp;

import org.jspecify.annotations.NullMarked;
