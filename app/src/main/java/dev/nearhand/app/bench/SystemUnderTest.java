package dev.nearhand.app.bench;

import java.util.List;
import java.util.Optional;

/// A remote desktop between the two displays.
interface SystemUnderTest {
    /// For the table.
    String name();

    /// What is missing on this machine, as a sentence; empty when it can run.
    Optional<String> problem();

    /// Starts host and viewer; returns when both run. Whether a picture comes is seen on the display.
    void start(Lab lab);

    /// All that are known, Nearhand first.
    static List<SystemUnderTest> all() {
        return List.of(new NearhandUnderTest(), VncUnderTest.tigerVnc(), VncUnderTest.x11vnc());
    }
}
