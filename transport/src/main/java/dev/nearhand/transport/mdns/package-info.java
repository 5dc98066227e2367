/// Host names of the local link (RFC 6762), as far as ICE candidates need them, and services there (RFC 6763), as
/// far as TURN servers are found by them.
@NullMarked
package dev.nearhand.transport.mdns;

import org.jspecify.annotations.NullMarked;
