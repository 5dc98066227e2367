package dev.nearhand.planted.session;

import dev.nearhand.planted.cli.OtherHalfOfCycle;

/// Planted: each half depends on the other.
public interface HalfOfCycle {
    OtherHalfOfCycle other();
}
