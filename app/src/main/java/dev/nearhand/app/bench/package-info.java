/// `nearhand bench glass`: an outside observer of remote desktops. It draws on one X display, looks at another, and
/// knows nothing of the program between them, so that Nearhand and others are measured alike.
@NullMarked
package dev.nearhand.app.bench;

import org.jspecify.annotations.NullMarked;
