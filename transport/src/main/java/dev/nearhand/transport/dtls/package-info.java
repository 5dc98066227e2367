/// What the other cores need of DTLS (RFC 6347, RFC 5764), free of any implementation; `bc` implements it.
@NullMarked
package dev.nearhand.transport.dtls;

import org.jspecify.annotations.NullMarked;
