/// Planted violations of the guards.
@NullMarked
package dev.nearhand.planted.session;

import org.jspecify.annotations.NullMarked;
