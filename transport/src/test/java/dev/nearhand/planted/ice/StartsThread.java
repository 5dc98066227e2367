package dev.nearhand.planted.ice;

public final class StartsThread {
    public void start() {
        Thread.ofVirtual().start(() -> {});
    }
}
