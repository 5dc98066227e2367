@NullMarked
package dev.nearhand.app;

import org.jspecify.annotations.NullMarked;
