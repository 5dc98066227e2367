package dev.nearhand.planted.stun;

import dev.nearhand.planted.ice.HalfOfCycle;

public final class OtherHalfOfCycle {
    public HalfOfCycle other() {
        return new HalfOfCycle();
    }
}
