package dev.nearhand.planted.x11;

/// What [dev.nearhand.planted.pipeline.KnowsPlatform] must not know.
public record Platform() {}
