package dev.nearhand.capture.x11;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;

/// Finds functions of shared libraries. A missing library or function is not an error until it is called: then the
/// exception says which Debian package brings it. So a machine without X11 can load every class here.
final class Native {
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    static final ValueLayout POINTER = ValueLayout.ADDRESS;

    private static final MethodHandle MISSING;

    static {
        try {
            MISSING = MethodHandles.lookup()
                    .findStatic(Native.class, "missing", MethodType.methodType(void.class, String.class));
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError("Native.missing", impossible);
        }
    }

    private Native() {}

    /// A shared library that may be missing.
    ///
    /// @param debianPackage what to install when it is
    record Library(String file, String debianPackage, Optional<SymbolLookup> symbols) {
        @SuppressWarnings("restricted")
        static Library of(String file, String debianPackage) {
            try {
                return new Library(file, debianPackage, Optional.of(SymbolLookup.libraryLookup(file, Arena.global())));
            } catch (IllegalArgumentException notFound) {
                return new Library(file, debianPackage, Optional.empty());
            }
        }

        static Library ofC() {
            return new Library(
                    "libc", "libc6", Optional.of(Linker.nativeLinker().defaultLookup()));
        }

        @SuppressWarnings("restricted")
        MethodHandle function(String name, FunctionDescriptor descriptor) {
            Optional<MemorySegment> address = symbols.flatMap(lookup -> lookup.find(name));
            if (address.isPresent()) {
                return Linker.nativeLinker().downcallHandle(address.get(), descriptor);
            }
            String message = symbols.isPresent()
                    ? file + " is too old: it has no " + name + "; upgrade the package " + debianPackage
                    : file + " is missing; install the package " + debianPackage;
            return MethodHandles.foldArguments(MethodHandles.empty(descriptor.toMethodType()), MISSING.bindTo(message));
        }

        boolean has(String name) {
            return symbols.flatMap(lookup -> lookup.find(name)).isPresent();
        }
    }

    static FunctionDescriptor returning(MemoryLayout result, MemoryLayout... arguments) {
        return FunctionDescriptor.of(result, arguments);
    }

    /// Memory that C handed out, of the size that its documentation gives.
    @SuppressWarnings("restricted")
    static MemorySegment sized(MemorySegment pointer, long bytes) {
        return pointer.reinterpret(bytes);
    }

    @SuppressWarnings("restricted")
    static MemorySegment upcall(MethodHandle target, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().upcallStub(target, descriptor, Arena.global());
    }

    /// What `invokeExact` declares but a foreign function never throws.
    static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof RuntimeException known) {
            return known;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(thrown);
    }

    @SuppressWarnings("UnusedMethod") // by its name, above
    private static void missing(String message) {
        throw X11Exception.refused(message);
    }
}
