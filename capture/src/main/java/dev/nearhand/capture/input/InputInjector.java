package dev.nearhand.capture.input;

import java.util.Set;

/// Puts input into this machine as if a person had done it, and knows what is still pressed.
///
/// One thread at a time. Closing it releases everything that it holds.
public interface InputInjector extends AutoCloseable {
    /// Returns when the system has taken the event. A release of something that is not held does nothing.
    ///
    /// @throws InputException when the session has ended or refuses input
    void inject(InputEvent event);

    /// Releases every key and button that [#inject] pressed; safe to call at any time, also after a failure.
    void releaseAll();

    /// The presses whose release has not come, as the events that pressed them: `Key("ShiftLeft", true)`.
    Set<InputEvent> held();

    @Override
    void close();
}
