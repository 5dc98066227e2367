package dev.nearhand.transport.api;

/// This machine has come to networks, or left some.
///
/// @param added addresses that the connection can be reached at now, and could not before
/// @param gone addresses that it had, and has no more
public record NetworkChange(int added, int gone) {}
