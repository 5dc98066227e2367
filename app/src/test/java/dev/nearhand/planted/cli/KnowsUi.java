package dev.nearhand.planted.cli;

import dev.nearhand.planted.ui.PlantedWindow;

/// Planted: a command that knows a window.
public record KnowsUi(PlantedWindow window) {}
