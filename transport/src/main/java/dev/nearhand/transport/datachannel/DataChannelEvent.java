package dev.nearhand.transport.datachannel;

import java.nio.ByteBuffer;

/// What [DataChannels] reports. `channel` is the handle that `open` returned or that `Opened` brought.
public sealed interface DataChannelEvent {
    /// The channel can be used. For a channel that the peer opened this is the first that is heard of it.
    record Opened(int channel, int streamId, DataChannelConfig config, boolean remote) implements DataChannelEvent {}

    /// A whole message; `data` belongs to the receiver of the event. Text is UTF-8, as the peer wrote it.
    record Message(int channel, boolean text, ByteBuffer data) implements DataChannelEvent {}

    /// The channel is gone in both directions; its handle means nothing any more.
    record Closed(int channel, String reason) implements DataChannelEvent {}

    /// The peer has begun to close the channel: nothing more arrives or can be sent; [Closed] follows.
    record Closing(int channel) implements DataChannelEvent {}

    /// The buffered amount has fallen to its threshold from above.
    record BufferedAmountLow(int channel) implements DataChannelEvent {}

    /// Room has come back after `SendResult.BUFFER_FULL`.
    record SendBufferAvailable() implements DataChannelEvent {}

    /// The association under the channels stands.
    record AssociationEstablished() implements DataChannelEvent {}

    /// The association under the channels has ended; every channel was reported closed before.
    record AssociationClosed(boolean clean, String reason) implements DataChannelEvent {}
}
