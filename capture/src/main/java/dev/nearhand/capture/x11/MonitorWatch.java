package dev.nearhand.capture.x11;

import static dev.nearhand.capture.x11.Native.INT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// RANDR 1.5: the monitors of the desktop and the events that say they changed. One thread.
///
/// A server without RANDR has no monitors here and sends [X11Display#CONFIGURE_NOTIFY] only.
public final class MonitorWatch {
    private static final int SCREEN_CHANGE_MASK = 1;
    private static final int CRTC_CHANGE_MASK = 2;
    private static final int OUTPUT_CHANGE_MASK = 4;
    private static final int MONITOR_BYTES = 56;

    private final X11Display display;
    private final boolean supported;
    private final int eventBase;

    public MonitorWatch(X11Display display) {
        this.display = display;
        MemorySegment first = display.scratch().asSlice(0, 4);
        MemorySegment second = display.scratch().asSlice(4, 4);
        boolean present = LibXrandr.xRRQueryExtension(display.handle(), first, second) != 0;
        eventBase = present ? first.get(INT, 0) : -1;
        if (present) {
            LibXrandr.xRRQueryVersion(display.handle(), first, second);
            LibXrandr.xRRSelectInput(
                    display.handle(), display.root(), SCREEN_CHANGE_MASK | CRTC_CHANGE_MASK | OUTPUT_CHANGE_MASK);
        }
        supported = present && (first.get(INT, 0) > 1 || second.get(INT, 0) >= 5);
        display.selectRootChanges();
    }

    /// Whether an event of this type, just polled, says that sizes or monitors may have changed.
    public boolean concerns(int type) {
        boolean ours =
                type == X11Display.CONFIGURE_NOTIFY || (eventBase > 0 && (type == eventBase || type == eventBase + 1));
        if (ours) {
            // Xlib keeps the size of the screen in the connection and wants to be told
            LibXrandr.xRRUpdateConfiguration(display.event());
        }
        return ours;
    }

    /// The active monitors, empty when no output is connected.
    public List<Output> monitors() {
        if (!supported) {
            return List.of();
        }
        MemorySegment count = display.scratch().asSlice(0, 4);
        count.set(INT, 0, 0);
        MemorySegment array = LibXrandr.xRRGetMonitors(display.handle(), display.root(), 1, count);
        display.check();
        int number = count.get(INT, 0);
        if (array.equals(MemorySegment.NULL) || number <= 0) {
            return List.of();
        }
        MemorySegment all = Native.sized(array, (long) number * MONITOR_BYTES);
        List<Output> outputs = new ArrayList<>(number);
        for (int i = 0; i < number; i++) {
            MemorySegment one = all.asSlice((long) i * MONITOR_BYTES, MONITOR_BYTES);
            long atom = one.get(ValueLayout.JAVA_LONG, 0);
            outputs.add(new Output(
                    atom,
                    display.atomName(atom),
                    one.get(INT, 8) != 0,
                    new Area(one.get(INT, 20), one.get(INT, 24), one.get(INT, 28), one.get(INT, 32))));
        }
        LibXrandr.xRRFreeMonitors(array);
        return outputs;
    }

    /// @param atom the number of its name, which no other monitor of this server has
    public record Output(long atom, String name, boolean primary, Area area) {}
}
