package dev.nearhand.capture.screen;

import java.util.Optional;

/// Shape and place of the cursor. One thread at a time; asking costs a fraction of a millisecond.
public interface CursorSource extends AutoCloseable {
    /// The shape, if it is another one than the last call returned; the first call returns one.
    ///
    /// @throws CaptureException when the session has ended
    Optional<CursorShape> pollShape();

    /// Where the hot spot is now.
    ///
    /// @throws CaptureException when the session has ended
    CursorPosition position();

    @Override
    void close();
}
