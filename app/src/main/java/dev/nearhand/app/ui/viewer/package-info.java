/// The window that shows and steers another screen.
@NullMarked
package dev.nearhand.app.ui.viewer;

import org.jspecify.annotations.NullMarked;
