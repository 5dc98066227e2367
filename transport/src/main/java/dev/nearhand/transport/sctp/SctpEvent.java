package dev.nearhand.transport.sctp;

import java.nio.ByteBuffer;
import java.util.List;

/// What an association reports to its owner.
public sealed interface SctpEvent {
    /// The peer has said what it takes: what is sent now goes along with the last step of the set-up, or right behind
    /// it. `outboundStreams` is how many streams the peer takes. Comes before [Established], and once more when the
    /// set-up has to begin again.
    record PeerKnown(int outboundStreams) implements SctpEvent {}

    /// Both sides know each other: data flows.
    record Established() implements SctpEvent {}

    /// The peer lost its state and set the association up anew: everything in flight is gone, all streams begin again.
    record Restarted() implements SctpEvent {}

    /// A whole message. `message` belongs to the receiver of the event.
    record MessageReceived(int streamId, int ppid, ByteBuffer message) implements SctpEvent {}

    /// The peer will send no more on these streams until it begins them anew.
    record IncomingStreamsReset(List<Integer> streamIds) implements SctpEvent {}

    /// The peer has agreed to reset these outgoing streams; they take messages again.
    record OutgoingStreamsReset(List<Integer> streamIds) implements SctpEvent {}

    /// The peer refused to reset these outgoing streams, or cannot; they take messages again.
    record StreamsResetFailed(List<Integer> streamIds, String reason) implements SctpEvent {}

    /// The buffered amount of a stream has fallen to its threshold from above.
    record BufferedAmountLow(int streamId) implements SctpEvent {}

    /// Room has come back after [SendResult#BUFFER_FULL].
    record SendBufferAvailable() implements SctpEvent {}

    /// The association is over. Reported once, as the last event.
    ///
    /// @param clean whether both sides agreed (SHUTDOWN), so that every reliable message has arrived
    record Closed(boolean clean, String reason) implements SctpEvent {}
}
