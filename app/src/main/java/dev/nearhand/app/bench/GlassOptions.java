package dev.nearhand.app.bench;

import java.util.List;

/// What to measure.
///
/// @param systems words that the names of the systems contain; empty for all
/// @param width of the host's display, pixels
/// @param secondsPerScene 2–600
public record GlassOptions(List<String> systems, List<Scene> scenes, int width, int height, int secondsPerScene) {
    public GlassOptions {
        systems = List.copyOf(systems);
        scenes = List.copyOf(scenes);
        if (width < 640 || height < 480 || width > 8192 || height > 8192) {
            throw new IllegalArgumentException("the display must be 640x480 to 8192x8192");
        }
        if (secondsPerScene < 2 || secondsPerScene > 600) {
            throw new IllegalArgumentException("secondsPerScene must be 2 to 600, not " + secondsPerScene);
        }
    }

    /// All systems, all scenes, 1080p, 15 s each.
    public static GlassOptions defaults() {
        return new GlassOptions(List.of(), List.of(Scene.values()), 1920, 1080, 15);
    }
}
