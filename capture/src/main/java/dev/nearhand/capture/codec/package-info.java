/// What encodes and decodes pictures of a screen: interfaces, values, and the list of what this machine can do.
///
/// The codecs themselves are in the package below (`ffmpeg`).
@NullMarked
package dev.nearhand.capture.codec;

import org.jspecify.annotations.NullMarked;
