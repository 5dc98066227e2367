package dev.nearhand.transport.rtp;

import dev.nearhand.transport.payload.Codec;
import java.nio.ByteBuffer;

/// What an [RtpSession] has to tell.
public sealed interface RtpEvent {
    /// A whole frame has arrived that can be decoded after those delivered before it, or a key frame.
    ///
    /// @param receiver the handle from [RtpSession#addReceiver]
    /// @param frame owned by whoever takes the event
    /// @param rtpTimestamp unsigned 32 bits, in units of the clock rate
    record FrameReceived(int receiver, Codec codec, ByteBuffer frame, long rtpTimestamp, boolean keyframe)
            implements RtpEvent {}

    /// The other side cannot go on without a key frame.
    ///
    /// @param sender the handle from [RtpSession#addSender]
    record KeyframeRequested(int sender) implements RtpEvent {}

    /// The other side has ended this stream.
    ///
    /// @param receiver the handle from [RtpSession#addReceiver]
    record Bye(int receiver) implements RtpEvent {}
}
