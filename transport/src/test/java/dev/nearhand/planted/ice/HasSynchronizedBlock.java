package dev.nearhand.planted.ice;

public final class HasSynchronizedBlock {
    private final Object lock = new Object();
    private int entered;

    public int enter() {
        synchronized (lock) {
            return ++entered;
        }
    }
}
