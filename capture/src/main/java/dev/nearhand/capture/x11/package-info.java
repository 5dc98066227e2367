/// Xlib by the Foreign Function & Memory API: one file of bindings for each library, and [X11Display], a connection
/// whose errors are exceptions instead of the end of the process.
///
/// Only what capture and input use is bound. X resource identifiers are `long`, structures are memory segments.
@NullMarked
package dev.nearhand.capture.x11;

import org.jspecify.annotations.NullMarked;
