@NullMarked
package dev.nearhand.transport.sctp;

import org.jspecify.annotations.NullMarked;
