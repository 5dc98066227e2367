package dev.nearhand.transport.turn.server;

/// One message that a core wrote into the buffer that its owner lent, for a connection.
public record StreamTransmit(int stream, int lengthBytes) {}
