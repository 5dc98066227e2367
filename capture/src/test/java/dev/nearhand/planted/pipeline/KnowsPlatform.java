package dev.nearhand.planted.pipeline;

import dev.nearhand.planted.x11.Platform;

/// Planted: a stage that knows which platform it runs on.
public record KnowsPlatform(Platform platform) {}
