package dev.nearhand.capture.x11;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.invoke.MethodHandle;
import org.junit.jupiter.api.Test;

class NativeTest {
    @Test
    void aMissingLibraryIsOneSentenceWithItsPackageAndOnlyWhenItIsNeeded() {
        MethodHandle function = Native.Library.of("libXnone.so.7", "libxnone7")
                .function("XNone", Native.returning(Native.INT, Native.POINTER));
        assertThatThrownBy(() -> {
                    int ignored = (int) function.invokeExact(java.lang.foreign.MemorySegment.NULL);
                })
                .isInstanceOf(X11Exception.class)
                .hasMessage("libXnone.so.7 is missing; install the package libxnone7");
    }

    @Test
    void aLibraryWithoutTheFunctionIsTooOld() {
        MethodHandle function =
                Native.Library.ofC().function("no_such_function", Native.returning(Native.LONG, Native.INT));
        assertThatThrownBy(() -> {
                    long ignored = (long) function.invokeExact(1);
                })
                .isInstanceOf(X11Exception.class)
                .hasMessageContaining("no_such_function")
                .hasMessageContaining("libc6");
    }
}
