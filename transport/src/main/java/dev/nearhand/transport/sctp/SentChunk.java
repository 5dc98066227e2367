package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.Chunk;
import dev.nearhand.transport.sctp.packet.DataChunk;
import dev.nearhand.transport.sctp.packet.InterleavedDataChunk;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A fragment that has been given a TSN and is not yet acknowledged cumulatively. Its state changes through
/// [SentChunks] alone.
final class SentChunk {
    enum State {
        /// Made, not yet sent.
        NEW,
        /// Sent, and counted in the flight.
        IN_FLIGHT,
        /// To be sent again.
        LOST,
        /// In a gap block of the peer.
        ACKED,
        /// Given up; FORWARD TSN passes over it.
        ABANDONED
    }

    final OutgoingMessage message;
    final int offset;
    final int length;

    /// Place among the fragments of its message.
    final int fsn;

    int tsn;
    State state = State.NEW;
    int transmissions;

    /// Whether the peer is asked to acknowledge it at once (RFC 7053).
    boolean immediate;

    /// Grows with every transmission of any chunk.
    long sendOrder;

    long sentNanos;

    /// When it was last sent: what [DeliveryRate] knew then.
    long firstSentNanos;

    long deliveredNanos;
    long deliveredWhenSent;
    long lostWhenSent;
    int flightWhenSent;
    boolean appLimited;

    /// Whether it was sent in a packet that not every path carries.
    boolean large;

    /// Times it was sent again before its time ([Redundancy]), and when last.
    int copies;

    long copyNanos;

    /// How often it may be.
    int mostCopies;

    /// Whether it is a whole small message, and its stream had nothing else to send.
    boolean sparse;

    /// Neighbours in the order of sending, while it is in flight.
    @Nullable
    SentChunk sentBefore;

    @Nullable
    SentChunk sentAfter;

    SentChunk(OutgoingMessage message, int offset, int length) {
        this.message = message;
        this.offset = offset;
        this.length = length;
        this.fsn = message.fragments++;
    }

    /// What it takes in a packet.
    int sizeBytes() {
        return Chunk.padded(overheadBytes(message.interleaved) + length);
    }

    static int overheadBytes(boolean interleaved) {
        return interleaved ? InterleavedDataChunk.OVERHEAD_BYTES : DataChunk.OVERHEAD_BYTES;
    }

    Chunk toChunk() {
        int flags = (offset == 0 ? DataChunk.BEGIN : 0)
                | (offset + length == message.bytes.length ? DataChunk.END : 0)
                | (message.unordered ? DataChunk.UNORDERED : 0)
                | (immediate ? DataChunk.IMMEDIATE : 0);
        ByteBuffer payload = ByteBuffer.wrap(message.bytes, offset, length);
        return message.interleaved
                ? new InterleavedDataChunk(flags, tsn, message.streamId, message.ssn, message.ppid, fsn, payload)
                : new DataChunk(flags, tsn, message.streamId, message.ssn, message.ppid, payload);
    }
}
