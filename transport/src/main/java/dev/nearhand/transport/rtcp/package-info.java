/// RTCP packets (RFC 3550, RFC 4585, RFC 5104) as values: parsed, and written.
@NullMarked
package dev.nearhand.transport.rtcp;

import org.jspecify.annotations.NullMarked;
