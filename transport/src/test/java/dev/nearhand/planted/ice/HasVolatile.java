package dev.nearhand.planted.ice;

public final class HasVolatile {
    private volatile int value;

    public int value() {
        return value++;
    }
}
