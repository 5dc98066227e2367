/// What a test needs to set another WebRTC program against ours, the browser first of all; shared by the modules that
/// add this folder to the sources and the resources of their tests.
@NullMarked
package dev.nearhand.testing.interop;

import org.jspecify.annotations.NullMarked;
