package dev.nearhand.planted.ice;

import dev.nearhand.planted.stun.OtherHalfOfCycle;

public final class HalfOfCycle {
    public OtherHalfOfCycle other() {
        return new OtherHalfOfCycle();
    }
}
