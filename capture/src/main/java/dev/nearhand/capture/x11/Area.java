package dev.nearhand.capture.x11;

/// An `XRectangle`: pixels of the root window.
public record Area(int x, int y, int width, int height) {}
