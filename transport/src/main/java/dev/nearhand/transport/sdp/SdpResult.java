package dev.nearhand.transport.sdp;

/// What reading a text gives: the description, or why it is none.
public sealed interface SdpResult permits SessionDescription, SdpError {}
