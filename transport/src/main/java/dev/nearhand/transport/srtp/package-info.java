/// SRTP and SRTCP (RFC 3711, RFC 7714): packets protected and unprotected in place, with keys that DTLS exported.
@NullMarked
package dev.nearhand.transport.srtp;

import org.jspecify.annotations.NullMarked;
