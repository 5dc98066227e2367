/// The edge to the network: sockets, the event loop and its timers. The only package that knows Netty.
@NullMarked
package dev.nearhand.transport.netty;

import org.jspecify.annotations.NullMarked;
