/// Codecs of FFmpeg, through its binding org.bytedeco.ffmpeg. With `screen.ffmpeg` the only place that touches it.
@NullMarked
package dev.nearhand.capture.codec.ffmpeg;

import org.jspecify.annotations.NullMarked;
