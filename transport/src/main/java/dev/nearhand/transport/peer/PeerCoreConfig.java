package dev.nearhand.transport.peer;

/// The limits of one peer connection.
///
/// @param maxReceiveMessageBytes largest data channel message taken from the other side; it is told so
/// @param sendBufferBytes how much of all data channels may wait for its first transmission
public record PeerCoreConfig(int maxReceiveMessageBytes, int sendBufferBytes) {
    public static PeerCoreConfig defaults() {
        return new PeerCoreConfig(64 << 20, 128 << 20);
    }
}
