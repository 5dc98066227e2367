/// The question whether somebody may see or steer this screen.
@NullMarked
package dev.nearhand.app.ui.consent;

import org.jspecify.annotations.NullMarked;
