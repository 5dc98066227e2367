/// What a screen is to the rest of the program: monitors, captured frames with their changed rectangles, the cursor.
///
/// Interfaces and values only. The platforms are in the packages below (`x11`, `ffmpeg`, `pattern`).
@NullMarked
package dev.nearhand.capture.screen;

import org.jspecify.annotations.NullMarked;
