/// The screen of an X11 desktop: XShm, XDamage, XFixes and RandR.
@NullMarked
package dev.nearhand.capture.screen.x11;

import org.jspecify.annotations.NullMarked;
