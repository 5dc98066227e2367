/// Tests of ICE, most of them in the simulated network.
@NullMarked
package dev.nearhand.transport.ice;

import org.jspecify.annotations.NullMarked;
