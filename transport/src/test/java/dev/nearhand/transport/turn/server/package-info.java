@NullMarked
package dev.nearhand.transport.turn.server;

import org.jspecify.annotations.NullMarked;
