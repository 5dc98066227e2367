package dev.nearhand.planted.ice;

public final class HasSynchronizedMethod {
    public synchronized void enter() {}
}
