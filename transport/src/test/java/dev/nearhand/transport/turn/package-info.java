/// Tests of the TURN client, most of them against the simulated server in virtual time.
@NullMarked
package dev.nearhand.transport.turn;

import org.jspecify.annotations.NullMarked;
