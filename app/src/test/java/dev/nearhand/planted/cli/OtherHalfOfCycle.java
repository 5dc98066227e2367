package dev.nearhand.planted.cli;

import dev.nearhand.planted.session.HalfOfCycle;

/// Planted: each half depends on the other.
public interface OtherHalfOfCycle {
    HalfOfCycle other();
}
