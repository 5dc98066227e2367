/// The surface that draws pictures and turns pointer and keys into remote input.
@NullMarked
package dev.nearhand.app.ui.video;

import org.jspecify.annotations.NullMarked;
