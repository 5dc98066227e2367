package dev.nearhand.planted.ice;

public final class ReadsClock {
    public long now() {
        return System.nanoTime();
    }
}
