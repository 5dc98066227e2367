/// Input for an X11 desktop through XTEST.
@NullMarked
package dev.nearhand.capture.input.x11;

import org.jspecify.annotations.NullMarked;
