/// SCTP on the wire: packets, chunks, parameters and error causes as values; no state.
@NullMarked
package dev.nearhand.transport.sctp.packet;

import org.jspecify.annotations.NullMarked;
