/// How fast media may be sent: the delay-based and loss-based estimate of a path's capacity from transport-wide
/// feedback, after draft-ietf-rmcat-gcc-02 and what its implementations have become since.
@NullMarked
package dev.nearhand.transport.congestion;

import org.jspecify.annotations.NullMarked;
