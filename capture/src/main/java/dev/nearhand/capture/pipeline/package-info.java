/// What carries pictures from thread to thread without ever queueing up delay, and measures where the time goes.
@NullMarked
package dev.nearhand.capture.pipeline;

import org.jspecify.annotations.NullMarked;
