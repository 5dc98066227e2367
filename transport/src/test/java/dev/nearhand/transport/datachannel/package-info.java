@NullMarked
package dev.nearhand.transport.datachannel;

import org.jspecify.annotations.NullMarked;
