/// What the architecture tests of all modules have in common.
@NullMarked
package dev.nearhand.testing.arch;

import org.jspecify.annotations.NullMarked;
