package dev.nearhand.capture.screen;

/// One monitor of the desktop.
///
/// @param id stays the same while the monitor is connected
/// @param name the platform's own name, such as `HDMI-1`
/// @param bounds its place on the desktop, in pixels
public record Monitor(int id, String name, Rect bounds, boolean primary) {}
