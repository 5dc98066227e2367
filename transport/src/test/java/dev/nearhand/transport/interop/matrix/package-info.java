/// The matrix: every other WebRTC program that is at hand against ours, in every role and every way of use, and the
/// page that tells how it went. `.build/interop/drivers/README.md` says how a program is added.
@NullMarked
package dev.nearhand.transport.interop.matrix;

import org.jspecify.annotations.NullMarked;
