package dev.nearhand.planted.pipeline;

import dev.nearhand.planted.screen.OtherHalfOfCycle;

/// Planted: each half depends on the other.
public interface HalfOfCycle {
    OtherHalfOfCycle other();
}
