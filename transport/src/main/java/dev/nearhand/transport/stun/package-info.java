/// STUN messages (RFC 8489): parsed, built, authenticated. No transactions, no sockets: those belong to who uses them.
@NullMarked
package dev.nearhand.transport.stun;

import org.jspecify.annotations.NullMarked;
