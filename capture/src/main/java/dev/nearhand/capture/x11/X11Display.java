package dev.nearhand.capture.x11;

import static dev.nearhand.capture.x11.Native.INT;
import static dev.nearhand.capture.x11.Native.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One connection to an X server: its root window, its events, its errors.
///
/// One thread at a time, except [#wake()]. A request that the server refuses is found by [#takeError()] after a
/// round trip, the loss of the connection by every later call as an [X11Exception] with `gone()`; neither ends the
/// process, whatever handlers other libraries in it have installed before.
public final class X11Display implements AutoCloseable {
    private static final int EVENT_BYTES = 192;
    private static final int POLLIN = 1;
    private static final int EFD_NONBLOCK = 0x800;
    private static final long STRUCTURE_NOTIFY_MASK = 1 << 17;

    /// The type of an event that says the root window has another size.
    public static final int CONFIGURE_NOTIFY = 22;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment handle;
    private final String name;
    private final int screen;
    private final long root;
    private final int wakeDescriptor;
    private final MemorySegment pollDescriptors;
    private final MemorySegment event;
    private final MemorySegment scratch;
    private volatile boolean lost;
    private volatile @Nullable String error;
    private boolean closed;

    private X11Display(MemorySegment handle, String name) {
        this.handle = handle;
        this.name = name;
        screen = LibX11.xDefaultScreen(handle);
        root = LibX11.xRootWindow(handle, screen);
        event = arena.allocate(EVENT_BYTES, 8);
        scratch = arena.allocate(256, 8);
        wakeDescriptor = LibC.eventfd(0, EFD_NONBLOCK);
        pollDescriptors = arena.allocate(16, 8);
        pollDescriptors.set(INT, 0, LibX11.xConnectionNumber(handle));
        pollDescriptors.set(ValueLayout.JAVA_SHORT, 4, (short) POLLIN);
        pollDescriptors.set(INT, 8, wakeDescriptor);
        pollDescriptors.set(ValueLayout.JAVA_SHORT, 12, (short) POLLIN);
    }

    /// @param name such as `:0`; empty for the value of `DISPLAY`
    /// @throws X11Exception when there is no such display, or no libX11
    public static X11Display open(String name) {
        String wanted = name.isEmpty() ? System.getenv().getOrDefault("DISPLAY", "") : name;
        if (wanted.isEmpty()) {
            throw X11Exception.refused("there is no X display: DISPLAY is not set; start it in a desktop session");
        }
        ErrorHandlers.install();
        try (Arena call = Arena.ofConfined()) {
            MemorySegment handle = LibX11.xOpenDisplay(call.allocateFrom(wanted));
            if (handle.equals(MemorySegment.NULL)) {
                throw X11Exception.refused("the X display " + wanted
                        + " cannot be opened; check DISPLAY, and XAUTHORITY if the session belongs to someone else");
            }
            X11Display display = new X11Display(handle, wanted);
            ErrorHandlers.register(handle, display);
            return display;
        }
    }

    public String name() {
        return name;
    }

    public long root() {
        return root;
    }

    MemorySegment handle() {
        check();
        return handle;
    }

    int screenNumber() {
        return screen;
    }

    /// Memory for the results of one call, 256 bytes.
    MemorySegment scratch() {
        return scratch;
    }

    /// @throws X11Exception when the connection is lost or closed
    public void check() {
        if (lost) {
            throw X11Exception.connectionLost();
        }
        if (closed) {
            throw new IllegalStateException("the connection to X display " + name + " is closed");
        }
    }

    public boolean connected() {
        return !lost && !closed;
    }

    /// Waits until the server has done everything that was asked.
    public void sync() {
        LibX11.xSync(handle(), 0);
        check();
    }

    public void flush() {
        LibX11.xFlush(handle());
        check();
    }

    /// The server's refusal of an earlier request, once.
    public Optional<String> takeError() {
        Optional<String> taken = Optional.ofNullable(error);
        error = null;
        return taken;
    }

    /// Asks for [#CONFIGURE_NOTIFY] of the root window.
    public void selectRootChanges() {
        LibX11.xSelectInput(handle(), root, STRUCTURE_NOTIFY_MASK);
        sync();
    }

    /// Whether an event has arrived. It does not wait.
    public boolean hasEvents() {
        ErrorHandlers.install();
        int pending = LibX11.xPending(handle());
        check();
        return pending != 0;
    }

    /// The type of the next event that has arrived, 0 when there is none. It does not wait.
    public int pollEvent() {
        if (!hasEvents()) {
            return 0;
        }
        LibX11.xNextEvent(handle, event);
        check();
        return event.get(INT, 0);
    }

    /// Throws away what has arrived, such as the news about the keyboard map that every client gets.
    public void discardEvents() {
        int type = pollEvent();
        while (type != 0) {
            type = pollEvent();
        }
    }

    /// As [#discardEvents], but leaves the handlers of errors alone: GTK complains when they change between its calls.
    void drain() {
        while (LibX11.xPending(handle()) > 0 && connected()) {
            LibX11.xNextEvent(handle, event);
        }
        check();
    }

    MemorySegment event() {
        return event;
    }

    /// Waits until something can be read from the server, until [#wake()], or for the time given. Costs no CPU.
    ///
    /// @return false when the time has passed
    public boolean awaitEvents(int timeoutMillis) {
        check();
        return LibC.poll(pollDescriptors, 2, timeoutMillis) != 0;
    }

    /// Ends [#awaitEvents] for good; from any thread, but not after [#close()].
    public void wake() {
        try (Arena call = Arena.ofConfined()) {
            LibC.write(wakeDescriptor, call.allocateFrom(LONG, 1), 8);
        }
    }

    /// What the root window is made of now.
    public RootWindow rootWindow() {
        int answered = LibX11.xGetWindowAttributes(handle(), root, scratch);
        check();
        if (answered == 0) {
            throw X11Exception.refused("the X display " + name + " does not tell the size of its root window");
        }
        MemorySegment visual = Native.sized(scratch.get(ValueLayout.ADDRESS, 24), 56);
        return new RootWindow(
                scratch.get(INT, 8),
                scratch.get(INT, 12),
                scratch.get(INT, 20),
                visual.address(),
                visual.get(LONG, 24),
                visual.get(LONG, 32),
                visual.get(LONG, 40));
    }

    /// Where the pointer is; empty when it is on another X screen.
    public Optional<PointerPlace> pointer() {
        MemorySegment out = scratch;
        int here = LibX11.xQueryPointer(
                handle(),
                root,
                out.asSlice(0, 8),
                out.asSlice(8, 8),
                out.asSlice(16, 4),
                out.asSlice(20, 4),
                out.asSlice(24, 4),
                out.asSlice(28, 4),
                out.asSlice(32, 4));
        check();
        return here == 0
                ? Optional.empty()
                : Optional.of(new PointerPlace(out.get(INT, 16), out.get(INT, 20), out.get(INT, 32)));
    }

    String atomName(long atom) {
        MemorySegment text = LibX11.xGetAtomName(handle(), atom);
        check();
        if (text.equals(MemorySegment.NULL)) {
            return "";
        }
        String result = Native.sized(text, 1024).getString(0);
        LibX11.xFree(text);
        return result;
    }

    /// Closes the connection; the server frees everything that was made through it.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (lost) {
            // XCloseDisplay can wait for ever on a lost connection (seen with libX11 1.8.4): its socket is closed,
            // its few kilobytes stay
            LibC.close(pollDescriptors.get(INT, 0));
        } else {
            LibX11.xCloseDisplay(handle);
            ErrorHandlers.forget(handle);
        }
        LibC.close(wakeDescriptor);
        arena.close();
    }

    /// By the error handlers, in the thread that uses the connection.
    void failed(String description) {
        error = description;
    }

    void connectionLost() {
        lost = true;
    }

    /// @param modifiers the state of modifiers and buttons, as in `XKeyEvent.state`
    public record PointerPlace(int x, int y, int modifiers) {}

    /// @param depth significant bits of a pixel
    /// @param redMask which bits are red
    public record RootWindow(
            int width, int height, int depth, long visualAddress, long redMask, long greenMask, long blueMask) {
        MemorySegment visual() {
            return MemorySegment.ofAddress(visualAddress);
        }
    }
}
