package dev.nearhand.capture.x11;

import static dev.nearhand.capture.x11.Native.INT;
import static dev.nearhand.capture.x11.Native.POINTER;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Xlib's error handlers, which are one pair for the whole process, shared with toolkits such as GTK.
///
/// Errors of our connections are noted in their [X11Display]; those of others go on to the handler that was there
/// before. Any thread: Xlib calls a handler in the thread that uses the connection. Nothing here may throw, since an
/// exception out of an upcall ends the process.
final class ErrorHandlers {
    private static final FunctionDescriptor ERROR = FunctionDescriptor.of(INT, POINTER, POINTER);
    private static final FunctionDescriptor CONNECTION_LOST = FunctionDescriptor.of(INT, POINTER);
    private static final FunctionDescriptor EXIT = FunctionDescriptor.ofVoid(POINTER, POINTER);

    private static final MemorySegment ON_ERROR = stub("onError", ERROR);
    private static final MemorySegment ON_CONNECTION_LOST = stub("onConnectionLost", CONNECTION_LOST);
    private static final MemorySegment ON_EXIT = stub("onExit", EXIT);

    private static final ConcurrentHashMap<Long, X11Display> DISPLAYS = new ConcurrentHashMap<>();

    private static volatile MemorySegment otherOnError = MemorySegment.NULL;
    private static volatile MemorySegment otherOnConnectionLost = MemorySegment.NULL;

    private static volatile boolean threadsReady;
    private static volatile @Nullable Runnable onOthersLost;

    private ErrorHandlers() {}

    /// Puts our handlers in front. Cheap; done again and again, because a toolkit may have replaced them since.
    static void install() {
        if (!threadsReady) {
            // before the first call of Xlib in this process, as its documentation asks
            LibX11.xInitThreads();
            threadsReady = true;
        }
        MemorySegment before = LibX11.xSetErrorHandler(ON_ERROR);
        if (!before.equals(ON_ERROR)) {
            otherOnError = before;
        }
        installConnectionLost();
    }

    /// Tells of lost connections that are not ours, in the thread that finds out, before the handler of their owner is
    /// called; until it is told to nobody (null) again.
    static void reportLosses(@Nullable Runnable report) {
        onOthersLost = report;
        if (report != null) {
            installConnectionLost();
        }
    }

    private static void installConnectionLost() {
        MemorySegment lostBefore = LibX11.xSetIOErrorHandler(ON_CONNECTION_LOST);
        if (!lostBefore.equals(ON_CONNECTION_LOST)) {
            otherOnConnectionLost = lostBefore;
        }
    }

    static void register(MemorySegment handle, X11Display display) {
        DISPLAYS.put(handle.address(), display);
        LibX11.survivesLostConnection(handle, ON_EXIT);
    }

    static void forget(MemorySegment handle) {
        DISPLAYS.remove(handle.address());
    }

    @SuppressWarnings("UnusedMethod") // called by Xlib
    private static int onError(MemorySegment handle, MemorySegment event) {
        try {
            X11Display display = DISPLAYS.get(handle.address());
            if (display == null) {
                return handedOn(otherOnError, handle, event);
            }
            MemorySegment error = Native.sized(event, 40);
            display.failed("error " + Byte.toUnsignedInt(error.get(ValueLayout.JAVA_BYTE, 32)) + " of request "
                    + Byte.toUnsignedInt(error.get(ValueLayout.JAVA_BYTE, 33)) + "."
                    + Byte.toUnsignedInt(error.get(ValueLayout.JAVA_BYTE, 34)));
        } catch (Throwable _) {
            // see the class header
        }
        return 0;
    }

    @SuppressWarnings({"UnusedMethod", "restricted"}) // called by Xlib
    private static int onConnectionLost(MemorySegment handle) {
        try {
            X11Display display = DISPLAYS.get(handle.address());
            if (display != null) {
                display.connectionLost();
                return 0;
            }
            Runnable report = onOthersLost;
            if (report != null) {
                report.run();
            }
            if (!otherOnConnectionLost.equals(MemorySegment.NULL)) {
                MethodHandle other = Linker.nativeLinker().downcallHandle(otherOnConnectionLost, CONNECTION_LOST);
                return (int) other.invokeExact(handle);
            }
        } catch (Throwable _) {
            // see the class header
        }
        return 0;
    }

    /// Xlib would call `exit` here; ours returns, and the calls on this connection fail from now on.
    @SuppressWarnings("UnusedMethod") // called by Xlib
    private static void onExit(MemorySegment handle, MemorySegment unusedData) {
        X11Display display = DISPLAYS.get(handle.address());
        if (display != null) {
            display.connectionLost();
        }
    }

    @SuppressWarnings("restricted")
    private static int handedOn(MemorySegment handler, MemorySegment handle, MemorySegment event) throws Throwable {
        if (handler.equals(MemorySegment.NULL)) {
            return 0;
        }
        MethodHandle other = Linker.nativeLinker().downcallHandle(handler, ERROR);
        return (int) other.invokeExact(handle, event);
    }

    private static MemorySegment stub(String method, FunctionDescriptor descriptor) {
        try {
            MethodType type = descriptor.toMethodType();
            return Native.upcall(MethodHandles.lookup().findStatic(ErrorHandlers.class, method, type), descriptor);
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError(method, impossible);
        }
    }
}
