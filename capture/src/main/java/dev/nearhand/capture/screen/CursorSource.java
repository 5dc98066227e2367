package dev.nearhand.capture.screen;

import java.time.Duration;
import java.util.Optional;

/// Shape and place of the cursor. One thread at a time, except [#wake()]; asking costs a fraction of a millisecond.
public interface CursorSource extends AutoCloseable {
    /// The shape, if it is another one than the last call returned; the first call returns one.
    ///
    /// @throws CaptureException when the session has ended
    Optional<CursorShape> pollShape();

    /// Where the hot spot is now.
    ///
    /// @throws CaptureException when the session has ended
    CursorPosition position();

    /// Waits until the cursor may have moved or have another shape, until [#wake()], or for the limit. It may end
    /// early for no reason.
    ///
    /// @return false when it ended for no reason that is known
    /// @throws CaptureException when the session has ended
    /// @throws InterruptedException when interrupted; a source that waits in the system needs [#wake()] too
    boolean await(Duration limit) throws InterruptedException;

    /// Ends [#await] for good. From any thread, at any time.
    void wake();

    @Override
    void close();
}
