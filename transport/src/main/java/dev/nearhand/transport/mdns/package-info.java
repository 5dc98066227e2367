/// Host names of the local link (RFC 6762), as far as ICE candidates need them.
@NullMarked
package dev.nearhand.transport.mdns;

import org.jspecify.annotations.NullMarked;
