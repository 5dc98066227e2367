package dev.nearhand.transport.datachannel;

/// What one side knows of a channel.
final class Channel {
    static final int NO_STREAM = -1;

    enum State {
        /// Waits for the association, or for its number.
        WAITING,
        OPEN,
        /// At least one direction is being reset; ends when both are.
        CLOSING
    }

    final int handle;
    final DataChannelConfig config;
    final boolean remote;
    int streamId = NO_STREAM;
    State state = State.WAITING;
    long lowThresholdBytes;
    boolean redundant;

    /// Whether the peer is sure to know the channel: until then everything is sent in order behind the OPEN (RFC 8832
    /// section 6).
    boolean peerKnows;

    boolean hasSent;
    boolean outgoingReset;
    boolean incomingReset;

    Channel(int handle, DataChannelConfig config, boolean remote) {
        this.handle = handle;
        this.config = config;
        this.remote = remote;
        this.peerKnows = remote || config.negotiatedId().isPresent();
    }
}
