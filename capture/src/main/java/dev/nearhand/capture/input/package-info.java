/// What a viewer's hands do on this machine: pointer, wheel, keys and text.
///
/// Interfaces and values only. The platforms are in the packages below (`x11`, `robot`).
@NullMarked
package dev.nearhand.capture.input;

import org.jspecify.annotations.NullMarked;
