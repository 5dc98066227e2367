/// What can be read from a VP8 frame without decoding it (RFC 6386).
@NullMarked
package dev.nearhand.capture.codec.vp8;

import org.jspecify.annotations.NullMarked;
