package dev.nearhand.planted.session;

import javafx.scene.Node;

/// Planted: a session that needs a display.
public record OpensWindow(Node node) {}
