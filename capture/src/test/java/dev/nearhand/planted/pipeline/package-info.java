/// Planted violations of the guards.
@NullMarked
package dev.nearhand.planted.pipeline;

import org.jspecify.annotations.NullMarked;
