package dev.nearhand.transport.wire;

/// One datagram that a core wrote into the buffer that its driver lent.
///
/// @param path where it leaves and where it goes
/// @param lengthBytes how many bytes of the lent buffer it takes, counted from the buffer's position at the call
public record Transmit(Path path, int lengthBytes) {
    public Transmit {
        if (lengthBytes <= 0) {
            throw new IllegalArgumentException("a datagram has at least one byte, not " + lengthBytes);
        }
    }
}
