/// Tests of STUN messages.
@NullMarked
package dev.nearhand.transport.stun;

import org.jspecify.annotations.NullMarked;
