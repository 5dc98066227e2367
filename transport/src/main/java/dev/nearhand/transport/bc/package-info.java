/// DTLS by BouncyCastle: the only package of the transport that knows it.
@NullMarked
package dev.nearhand.transport.bc;

import org.jspecify.annotations.NullMarked;
