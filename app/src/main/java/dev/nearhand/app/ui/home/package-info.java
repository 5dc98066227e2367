/// The first window: share this screen, or connect to one.
@NullMarked
package dev.nearhand.app.ui.home;

import org.jspecify.annotations.NullMarked;
