/// The program's windows: each joins a view, its view model and a session.
@NullMarked
package dev.nearhand.app.ui.desktop;

import org.jspecify.annotations.NullMarked;
