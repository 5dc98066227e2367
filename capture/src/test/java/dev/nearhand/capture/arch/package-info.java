/// The rules of capture's architecture, and the proof that each of them bites.
@NullMarked
package dev.nearhand.capture.arch;

import org.jspecify.annotations.NullMarked;
