/// What can be read from a temporal unit of AV1 without decoding it (AV1 bitstream specification).
@NullMarked
package dev.nearhand.capture.codec.av1;

import org.jspecify.annotations.NullMarked;
