package dev.nearhand.app.session;

import dev.nearhand.capture.screen.CaptureTarget;

/// How a host shares its screen with one viewer.
///
/// @param name how the host calls itself, at most 100 characters
/// @param framesPerSecond at most so many
/// @param bitrateBps target of the video
/// @param control whether the viewer may steer to begin with
public record HostConfig(String name, CaptureTarget target, int framesPerSecond, int bitrateBps, boolean control) {
    /// 12 Mbit/s: what 1080p text needs while it scrolls. There is no congestion control yet.
    public static final int DEFAULT_BITRATE_BPS = 12_000_000;

    public static final int DEFAULT_FRAMES_PER_SECOND = 30;

    public HostConfig withControl(boolean allowed) {
        return new HostConfig(name, target, framesPerSecond, bitrateBps, allowed);
    }
}
