/// Planted violations of the guards.
@NullMarked
package dev.nearhand.planted.screen;

import org.jspecify.annotations.NullMarked;
