package dev.nearhand.planted.bare;

/// Planted: its package promises nothing about null.
public record NotNullMarked() {}
