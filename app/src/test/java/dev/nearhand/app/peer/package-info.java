@NullMarked
package dev.nearhand.app.peer;

import org.jspecify.annotations.NullMarked;
