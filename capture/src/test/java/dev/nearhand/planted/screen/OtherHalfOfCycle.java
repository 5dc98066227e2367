package dev.nearhand.planted.screen;

import dev.nearhand.planted.pipeline.HalfOfCycle;

/// Planted: each half depends on the other.
public interface OtherHalfOfCycle {
    HalfOfCycle other();
}
