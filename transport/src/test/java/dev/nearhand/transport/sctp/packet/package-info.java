@NullMarked
package dev.nearhand.transport.sctp.packet;

import org.jspecify.annotations.NullMarked;
