/// Ground: bytes, sequence numbers, and the contract of every protocol core.
@NullMarked
package dev.nearhand.transport.wire;

import org.jspecify.annotations.NullMarked;
