package dev.nearhand.planted.ui;

/// Nothing wrong with it, but not for everybody.
public record PlantedWindow() {}
