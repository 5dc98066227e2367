@NullMarked
package dev.nearhand.capture;

import org.jspecify.annotations.NullMarked;
