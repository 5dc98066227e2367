package dev.nearhand.planted.screen;

import java.lang.foreign.Linker;

/// Planted: a native call outside the bindings.
public record CallsNative(Linker linker) {}
