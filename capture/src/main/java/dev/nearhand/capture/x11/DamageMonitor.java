package dev.nearhand.capture.x11;

import static dev.nearhand.capture.x11.Native.INT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// XDAMAGE on the root window: which rectangles of the desktop were drawn to.
///
/// Level `NonEmpty`: the server sends one event when the first pixel changes and nothing more until the damage is
/// taken, so heavy drawing costs no traffic. One thread, that of the connection.
public final class DamageMonitor {
    private static final int NON_EMPTY = 3;

    private final X11Display display;
    private final long damage;
    private final long parts;
    private final int eventType;

    /// @throws X11Exception when the server has no DAMAGE or XFIXES extension
    public DamageMonitor(X11Display display) {
        this.display = display;
        MemorySegment handle = display.handle();
        MemorySegment first = display.scratch().asSlice(0, 4);
        MemorySegment second = display.scratch().asSlice(4, 4);
        requireFixes(display);
        if (LibXdamage.xDamageQueryExtension(handle, first, second) == 0) {
            throw X11Exception.refused(
                    "the X server " + display.name() + " has no DAMAGE extension; switch it on there");
        }
        eventType = first.get(INT, 0);
        first.set(INT, 0, 1);
        second.set(INT, 0, 1);
        LibXdamage.xDamageQueryVersion(handle, first, second);
        damage = LibXdamage.xDamageCreate(handle, display.root(), NON_EMPTY);
        parts = LibXfixes.xFixesCreateRegion(handle, MemorySegment.NULL, 0);
        display.sync();
    }

    static int requireFixes(X11Display display) {
        MemorySegment handle = display.handle();
        MemorySegment first = display.scratch().asSlice(0, 4);
        MemorySegment second = display.scratch().asSlice(4, 4);
        if (LibXfixes.xFixesQueryExtension(handle, first, second) == 0) {
            throw X11Exception.refused(
                    "the X server " + display.name() + " has no XFIXES extension; switch it on there");
        }
        int eventBase = first.get(INT, 0);
        // the server answers requests of an extension only after it was told the version
        first.set(INT, 0, 5);
        second.set(INT, 0, 0);
        LibXfixes.xFixesQueryVersion(handle, first, second);
        return eventBase;
    }

    /// The type of the event that says there is damage to take.
    public int eventType() {
        return eventType;
    }

    /// Takes the damage since the last call away from the server. Pixels read after this are at least as new.
    public List<Area> take() {
        MemorySegment handle = display.handle();
        LibXdamage.xDamageSubtract(handle, damage, 0, parts);
        MemorySegment count = display.scratch().asSlice(0, 4);
        count.set(INT, 0, 0);
        MemorySegment rectangles = LibXfixes.xFixesFetchRegion(handle, parts, count);
        display.check();
        if (rectangles.equals(MemorySegment.NULL)) {
            return List.of();
        }
        int number = count.get(INT, 0);
        MemorySegment array = Native.sized(rectangles, number * 8L);
        List<Area> areas = new ArrayList<>(number);
        for (int i = 0; i < number; i++) {
            long at = i * 8L;
            areas.add(new Area(
                    array.get(ValueLayout.JAVA_SHORT, at),
                    array.get(ValueLayout.JAVA_SHORT, at + 2),
                    Short.toUnsignedInt(array.get(ValueLayout.JAVA_SHORT, at + 4)),
                    Short.toUnsignedInt(array.get(ValueLayout.JAVA_SHORT, at + 6))));
        }
        LibX11.xFree(rectangles);
        return areas;
    }
}
