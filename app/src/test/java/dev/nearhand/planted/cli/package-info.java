/// Planted violations of the guards.
@NullMarked
package dev.nearhand.planted.cli;

import org.jspecify.annotations.NullMarked;
