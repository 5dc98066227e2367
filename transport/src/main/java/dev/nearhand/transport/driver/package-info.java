/// The one loop that feeds a core, drains it and arms its timer.
@NullMarked
package dev.nearhand.transport.driver;

import org.jspecify.annotations.NullMarked;
