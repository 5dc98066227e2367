/// What works on this machine, and what to install for the rest.
@NullMarked
package dev.nearhand.app.diagnostics;

import org.jspecify.annotations.NullMarked;
