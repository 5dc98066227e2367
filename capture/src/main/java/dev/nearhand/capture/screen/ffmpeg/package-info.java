/// The portable way to the screen: the grabber devices of FFmpeg through JavaCV (x11grab, gdigrab, avfoundation).
@NullMarked
package dev.nearhand.capture.screen.ffmpeg;

import org.jspecify.annotations.NullMarked;
