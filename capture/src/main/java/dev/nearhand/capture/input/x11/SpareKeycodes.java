package dev.nearhand.capture.input.x11;

import dev.nearhand.capture.x11.KeyboardMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// Keycodes that no key uses, lent to characters that no key produces.
///
/// A client learns of a change of the map by an event, but reads the map later, when it meets the next key: were a
/// keycode given to another character too soon, a slow client would read that one for the key before. So they take
/// turns, the one that was used longest ago first, and none sooner than [#REUSE_NANOS] after its last key.
final class SpareKeycodes {
    /// How far a client may lag behind; a terminal on two busy cores was seen to lag by more than 100 ms. With 19 spare
    /// keycodes this still is 63 new characters a second.
    static final long REUSE_NANOS = 300_000_000;

    private final KeyboardMap map;
    private final List<Spare> spares = new ArrayList<>();
    private final Map<Long, Spare> byKeysym = new HashMap<>();

    private static final class Spare {
        final int keycode;
        long keysym;
        long lastUsedNanos;

        Spare(int keycode, long now) {
            this.keycode = keycode;
            lastUsedNanos = now - REUSE_NANOS;
        }
    }

    SpareKeycodes(KeyboardMap map) {
        this.map = map;
        find();
    }

    private void find() {
        long now = System.nanoTime();
        for (int keycode = map.firstKeycode(); keycode <= map.lastKeycode(); keycode++) {
            boolean leftOver = isLeftOver(keycode);
            if (leftOver) {
                map.assign(keycode, 0);
            }
            if (leftOver || isFree(keycode)) {
                spares.add(new Spare(keycode, now));
            }
        }
    }

    private boolean isFree(int keycode) {
        for (int column = 0; column < map.columns(); column++) {
            if (map.keysym(keycode, column) != 0) {
                return false;
            }
        }
        return true;
    }

    /// One character in four columns: no layout has that, it is what a killed process of ours left.
    private boolean isLeftOver(int keycode) {
        long keysym = map.keysym(keycode, 0);
        return Keysyms.isCharacter(keysym)
                && map.keysym(keycode, 1) == keysym
                && map.keysym(keycode, 2) == keysym
                && map.keysym(keycode, 3) == keysym;
    }

    boolean isEmpty() {
        return spares.isEmpty();
    }

    /// Whether this keycode is lent, or was; the layout's own keys are not.
    boolean holds(int keycode) {
        return spares.stream().anyMatch(spare -> spare.keycode == keycode);
    }

    /// After somebody else wrote a new map: what we had assigned may be gone, and a spare keycode may be in use.
    void verify() {
        byKeysym.clear();
        spares.removeIf(spare -> {
            boolean ours = spare.keysym != 0 && map.keysym(spare.keycode, 0) == spare.keysym;
            boolean free = isFree(spare.keycode);
            if (ours) {
                byKeysym.put(spare.keysym, spare);
            } else {
                spare.keysym = 0;
            }
            return !ours && !free;
        });
        if (spares.isEmpty()) {
            find();
        }
    }

    /// A keycode that produces this keysym from now on. Waits when all were used a moment ago.
    int keycode(long keysym) {
        Spare spare = byKeysym.get(keysym);
        if (spare == null) {
            spare = longestUnused();
            awaitReuse(spare);
            byKeysym.remove(spare.keysym);
            map.assign(spare.keycode, keysym);
            spare.keysym = keysym;
            byKeysym.put(keysym, spare);
        }
        spare.lastUsedNanos = System.nanoTime();
        return spare.keycode;
    }

    private Spare longestUnused() {
        Spare oldest = spares.getFirst();
        for (Spare spare : spares) {
            if (spare.lastUsedNanos - oldest.lastUsedNanos < 0) {
                oldest = spare;
            }
        }
        return oldest;
    }

    private static void awaitReuse(Spare spare) {
        long wait = spare.lastUsedNanos + REUSE_NANOS - System.nanoTime();
        while (wait > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(wait);
            wait = spare.lastUsedNanos + REUSE_NANOS - System.nanoTime();
        }
    }

    /// Makes them free again, when slow clients have read what they needed.
    void restore() {
        List<Spare> used = spares.stream().filter(spare -> spare.keysym != 0).toList();
        for (Spare spare : used) {
            awaitReuse(spare);
            map.assign(spare.keycode, 0);
            spare.keysym = 0;
        }
        byKeysym.clear();
    }
}
