package dev.nearhand.capture.x11;

import static dev.nearhand.capture.x11.Native.INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Which keysyms the keycodes of a server produce: the core keyboard map, a copy of it, and changes to it.
///
/// One thread, that of the connection.
public final class KeyboardMap {
    private final X11Display display;
    private int first;
    private int perKeycode;
    private long[] keysyms = {};

    public KeyboardMap(X11Display display) {
        this.display = display;
        read();
    }

    /// Copies the map from the server again.
    public void read() {
        MemorySegment out = display.scratch();
        LibX11.xDisplayKeycodes(display.handle(), out.asSlice(0, 4), out.asSlice(4, 4));
        first = out.get(INT, 0);
        int count = out.get(INT, 4) - first + 1;
        MemorySegment map = LibX11.xGetKeyboardMapping(display.handle(), first, count, out.asSlice(8, 4));
        display.check();
        if (map.equals(MemorySegment.NULL)) {
            throw X11Exception.refused("the X server " + display.name() + " does not tell its keyboard map");
        }
        perKeycode = out.get(INT, 8);
        keysyms = Native.sized(map, (long) count * perKeycode * 8).toArray(ValueLayout.JAVA_LONG);
        LibX11.xFree(map);
    }

    public int firstKeycode() {
        return first;
    }

    public int lastKeycode() {
        return first + keysyms.length / Math.max(1, perKeycode) - 1;
    }

    /// How many keysyms each keycode has.
    public int columns() {
        return perKeycode;
    }

    /// @param column 0 plain and 1 with Shift of the first group, 2 and 3 of the second
    /// @return 0 (`NoSymbol`) where there is none
    public long keysym(int keycode, int column) {
        if (keycode < first || keycode > lastKeycode() || column >= perKeycode) {
            return 0;
        }
        return keysyms[(keycode - first) * perKeycode + column];
    }

    /// Makes a keycode produce one keysym whatever modifiers are down; 0 makes it free.
    public void assign(int keycode, long keysym) {
        int columns = Math.min(4, perKeycode);
        long[] row = new long[columns];
        Arrays.fill(row, keysym);
        write(keycode, row);
        for (int column = 0; column < perKeycode; column++) {
            keysyms[(keycode - first) * perKeycode + column] = column < columns ? keysym : 0;
        }
    }

    private void write(int keycode, long[] row) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment values = call.allocateFrom(ValueLayout.JAVA_LONG, row);
            LibX11.xChangeKeyboardMapping(display.handle(), keycode, row.length, values, 1);
        }
        display.sync();
    }
}
