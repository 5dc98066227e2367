package dev.nearhand.capture.x11;

import static dev.nearhand.capture.x11.Native.INT;
import static dev.nearhand.capture.x11.Native.LONG;
import static dev.nearhand.capture.x11.Native.POINTER;
import static dev.nearhand.capture.x11.Native.returning;
import static dev.nearhand.capture.x11.Native.unexpected;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The C library: System V shared memory and waiting for a file descriptor.
final class LibC {
    private static final Native.Library LIBRARY = Native.Library.ofC();

    private static final MethodHandle SHMGET = LIBRARY.function("shmget", returning(INT, INT, LONG, INT));
    private static final MethodHandle SHMAT = LIBRARY.function("shmat", returning(POINTER, INT, POINTER, INT));
    private static final MethodHandle SHMDT = LIBRARY.function("shmdt", returning(INT, POINTER));
    private static final MethodHandle SHMCTL = LIBRARY.function("shmctl", returning(INT, INT, INT, POINTER));
    private static final MethodHandle POLL = LIBRARY.function("poll", returning(INT, POINTER, LONG, INT));
    private static final MethodHandle EVENTFD = LIBRARY.function("eventfd", returning(INT, INT, INT));
    private static final MethodHandle WRITE = LIBRARY.function("write", returning(LONG, INT, POINTER, LONG));
    private static final MethodHandle CLOSE = LIBRARY.function("close", returning(INT, INT));

    private static final MethodHandle EXIT = LIBRARY.function("_exit", FunctionDescriptor.ofVoid(INT));

    private LibC() {}

    /// Ends the process without running anything that was to run at its end.
    static void exit(int code) {
        try {
            EXIT.invokeExact(code);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int shmget(int key, long bytes, int flags) {
        try {
            return (int) SHMGET.invokeExact(key, bytes, flags);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static MemorySegment shmat(int id, MemorySegment address, int flags) {
        try {
            return (MemorySegment) SHMAT.invokeExact(id, address, flags);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int shmdt(MemorySegment address) {
        try {
            return (int) SHMDT.invokeExact(address);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int shmctl(int id, int command, MemorySegment buffer) {
        try {
            return (int) SHMCTL.invokeExact(id, command, buffer);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int poll(MemorySegment descriptors, long count, int timeoutMillis) {
        try {
            return (int) POLL.invokeExact(descriptors, count, timeoutMillis);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int eventfd(int value, int flags) {
        try {
            return (int) EVENTFD.invokeExact(value, flags);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static long write(int descriptor, MemorySegment bytes, long count) {
        try {
            return (long) WRITE.invokeExact(descriptor, bytes, count);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int close(int descriptor) {
        try {
            return (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }
}
