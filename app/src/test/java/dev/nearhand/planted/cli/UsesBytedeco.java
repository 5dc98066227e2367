package dev.nearhand.planted.cli;

import org.bytedeco.javacpp.Pointer;

/// Planted: the binding of FFmpeg in the application.
public record UsesBytedeco(Pointer pointer) {}
