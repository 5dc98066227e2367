/// Which devices this machine offers to a session: screens, input, codecs.
@NullMarked
package dev.nearhand.app.local;

import org.jspecify.annotations.NullMarked;
