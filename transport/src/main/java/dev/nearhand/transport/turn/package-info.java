/// The client side of TURN (RFC 8656): an address on a server that relays datagrams, for when two hosts cannot reach
/// each other. No sockets: the messages travel on a path that somebody else opened.
@NullMarked
package dev.nearhand.transport.turn;

import org.jspecify.annotations.NullMarked;
