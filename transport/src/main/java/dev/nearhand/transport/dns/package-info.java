/// Names and records of the domain name system (RFC 1035), as far as servers are found by them. Opens no socket.
@NullMarked
package dev.nearhand.transport.dns;

import org.jspecify.annotations.NullMarked;
