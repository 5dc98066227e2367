/// Planted violations of the guards.
@NullMarked
package dev.nearhand.planted.ui;

import org.jspecify.annotations.NullMarked;
