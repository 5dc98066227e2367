/// The bar that says who is watching, and stops it.
@NullMarked
package dev.nearhand.app.ui.hostbar;

import org.jspecify.annotations.NullMarked;
