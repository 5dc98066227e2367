package dev.nearhand.app.session;

import dev.nearhand.capture.codec.DecodedPicture;
import dev.nearhand.capture.screen.CursorPosition;
import dev.nearhand.capture.screen.CursorShape;
import dev.nearhand.capture.screen.Rect;
import java.util.List;

/// Told what a viewer sees. Calls come on threads of the session and must not block; each method is called by one
/// thread at a time.
public interface ViewerListener {
    /// @param sentence for a person: the stage, or why it ended and what to try
    void onState(ViewerState state, String sentence);

    /// The newest picture, on the decode thread; borrowed until the call returns.
    void onPicture(DecodedPicture picture);

    /// The newest picture, which differs from the one before only in some places; borrowed until the call returns.
    /// Never at the same time as [#onPicture].
    default void onPlaces(DecodedPicture picture, List<Rect> changed) {
        onPicture(picture);
    }

    /// The size of the remote screen as the host says it; a picture of that size follows.
    default void onScreen(int width, int height) {}

    default void onCursorShape(CursorShape shape) {}

    /// In pixels of the picture.
    default void onCursorPosition(CursorPosition position) {}

    /// What the host calls itself, on one line; never empty. A host may say nothing about it.
    default void onHostName(String name) {}

    /// Whether the host lets this viewer steer.
    default void onControl(boolean allowed) {}
}
