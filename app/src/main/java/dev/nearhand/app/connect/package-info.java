/// Sharing this screen and connecting to another one, from the address and the code to the running session.
@NullMarked
package dev.nearhand.app.connect;

import org.jspecify.annotations.NullMarked;
