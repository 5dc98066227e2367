/// The sessions' link to the other side, made of a WebRTC connection.
@NullMarked
package dev.nearhand.app.link;

import org.jspecify.annotations.NullMarked;
