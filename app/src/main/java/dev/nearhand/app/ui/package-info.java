/// The JavaFX application: windows over the sessions, and what they share.
@NullMarked
package dev.nearhand.app.ui;

import org.jspecify.annotations.NullMarked;
