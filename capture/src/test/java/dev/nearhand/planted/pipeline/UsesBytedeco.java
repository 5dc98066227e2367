package dev.nearhand.planted.pipeline;

import org.bytedeco.javacpp.Pointer;

/// Planted: the binding of FFmpeg outside the codecs.
public record UsesBytedeco(Pointer pointer) {}
