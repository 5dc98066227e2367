/// Planted violations of the guards.
@NullMarked
package dev.nearhand.planted.x11;

import org.jspecify.annotations.NullMarked;
