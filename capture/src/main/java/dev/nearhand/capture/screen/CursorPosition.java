package dev.nearhand.capture.screen;

/// Where the hot spot of the cursor is, in desktop coordinates.
///
/// @param visible false when no cursor is to be drawn
public record CursorPosition(int x, int y, boolean visible) {}
