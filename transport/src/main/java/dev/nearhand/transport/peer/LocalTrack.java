package dev.nearhand.transport.peer;

/// Video that this side sends.
///
/// @param handle how the owner of the core names it
/// @param name its track id towards the other side
record LocalTrack(int handle, String name, int ssrc) {}
