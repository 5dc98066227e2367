/// A STUN and TURN server (RFC 8489, RFC 8656) without I/O: who may have an address relayed, and what goes through it.
@NullMarked
package dev.nearhand.transport.turn.server;

import org.jspecify.annotations.NullMarked;
