/// The host's listener for viewers: the only package of the application that knows Netty.
@NullMarked
package dev.nearhand.app.rendezvous;

import org.jspecify.annotations.NullMarked;
