package dev.nearhand.app.ui.video;

/// Which character was typed when the toolkit reports this one.
@FunctionalInterface
public interface CharToCodePoint {
    int codePoint(char reported);
}
