/// A synthetic screen, for machines without a display and for tests.
@NullMarked
package dev.nearhand.capture.screen.pattern;

import org.jspecify.annotations.NullMarked;
