package dev.nearhand.transport.signaling;

import dev.nearhand.transport.api.SessionDescription;

/// Somebody wants to publish or to watch; the token was right.
///
/// @param path of the endpoint that was asked
/// @param offer what the client offers, read and found fit for that endpoint
/// @param fromThisMachine whether the request came over the loopback interface or from an address of this machine
public record SessionRequest(String path, EndpointKind kind, SessionDescription offer, boolean fromThisMachine) {}
