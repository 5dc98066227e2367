/// Ground: monotonic time and timers.
@NullMarked
package dev.nearhand.transport.time;

import org.jspecify.annotations.NullMarked;
