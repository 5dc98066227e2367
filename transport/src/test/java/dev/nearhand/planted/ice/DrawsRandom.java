package dev.nearhand.planted.ice;

import java.util.Random;

public final class DrawsRandom {
    public int draw() {
        return new Random().nextInt();
    }
}
