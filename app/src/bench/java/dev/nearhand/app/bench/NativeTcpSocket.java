package dev.nearhand.app.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A sending TCP socket of Linux over IPv4, whose congestion control can be chosen. For one thread.
@SuppressWarnings("restricted")
final class NativeTcpSocket implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int SOCK_STREAM = 1;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_CONGESTION = 13;
    private static final int NAME_BYTES = 16;
    private static final int ADDRESS_BYTES = 16;

    private static final MethodHandle SOCKET = function(
            "socket",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle SETSOCKOPT = function("setsockopt", option(ValueLayout.JAVA_INT));
    private static final MethodHandle GETSOCKOPT = function("getsockopt", option(ValueLayout.ADDRESS));
    private static final MethodHandle CONNECT = function(
            "connect",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle WRITE = function(
            "write",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final int descriptor;

    NativeTcpSocket() throws IOException {
        descriptor = (int) call("socket", () -> (int) SOCKET.invokeExact(AF_INET, SOCK_STREAM, 0));
    }

    private static FunctionDescriptor option(MemoryLayout length) {
        return FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                length);
    }

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }

    /// Asks for one by name; whether the system has agreed tells [#congestionControl].
    void askForCongestionControl(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment wanted = arena.allocateFrom(name);
            int length = name.length();
            invoke(() -> (int) SETSOCKOPT.invokeExact(descriptor, IPPROTO_TCP, TCP_CONGESTION, wanted, length));
        }
    }

    /// The name of the congestion control that the socket has.
    String congestionControl() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(NAME_BYTES + 1L);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, NAME_BYTES);
            call("getsockopt", () ->
                    (int) GETSOCKOPT.invokeExact(descriptor, IPPROTO_TCP, TCP_CONGESTION, name, length));
            return name.getString(0, StandardCharsets.US_ASCII);
        }
    }

    void connect(InetSocketAddress to) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(ADDRESS_BYTES, Integer.BYTES);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_INET);
            address.set(ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), 2, (short) to.getPort());
            MemorySegment.copy(to.getAddress().getAddress(), 0, address, ValueLayout.JAVA_BYTE, 4, 4);
            call("connect", () -> (int) CONNECT.invokeExact(descriptor, address, ADDRESS_BYTES));
        }
    }

    /// Blocks until the system has taken all of it.
    void write(byte[] bytes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            for (long[] at = {0}; at[0] < bytes.length; ) {
                MemorySegment rest = block.asSlice(at[0]);
                at[0] += call("write", () -> (long) WRITE.invokeExact(descriptor, rest, rest.byteSize()));
            }
        }
    }

    @Override
    public void close() throws IOException {
        invoke(() -> (int) CLOSE.invokeExact(descriptor));
    }

    private interface Native {
        long invoke() throws Throwable;
    }

    private static long call(String name, Native function) throws IOException {
        long result = invoke(function);
        if (result < 0) {
            throw new IOException(name + " has failed");
        }
        return result;
    }

    private static long invoke(Native function) throws IOException {
        try {
            return function.invoke();
        } catch (Throwable unexpected) {
            throw new IOException(unexpected);
        }
    }
}
