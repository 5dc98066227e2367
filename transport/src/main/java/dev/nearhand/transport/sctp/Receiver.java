package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.Chunk;
import dev.nearhand.transport.sctp.packet.DataChunk;
import dev.nearhand.transport.sctp.packet.ErrorCause;
import dev.nearhand.transport.sctp.packet.ErrorChunk;
import dev.nearhand.transport.sctp.packet.ForwardTsnChunk;
import dev.nearhand.transport.sctp.packet.InterleavedDataChunk;
import dev.nearhand.transport.sctp.packet.InterleavedForwardTsnChunk;
import dev.nearhand.transport.sctp.packet.SackChunk;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Serial32;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The receiving half of an association: takes DATA, keeps the receive window, decides when a SACK is due
/// ([RFC 9260 section 6.2](https://www.rfc-editor.org/rfc/rfc9260#section-6.2)).
final class Receiver {
    /// "MUST NOT be more than 500 ms": half of what other stacks take, so that a sender's measurements stay near the
    /// truth.
    static final long DELAYED_SACK_NANOS = 100_000_000L;

    private final ReceiveWindow window;
    private final int inboundStreams;
    private final EventQueue events;
    private final ControlQueue control;
    private final TimerTable<SctpTimer> timers;
    private final Counters counters;
    private final ReceivedTsns tsns;
    private final boolean interleaving;
    private final Reassembly reassembly;
    private final InterleavedReassembly interleaved;

    private int packetsToAcknowledge;
    private boolean dataInPacket;
    private boolean sackDue;
    private long advertisedBytes;

    Receiver(
            SctpConfig config,
            PeerTerms peer,
            RetransmissionTimeout timeout,
            EventQueue events,
            ControlQueue control,
            TimerTable<SctpTimer> timers,
            Counters counters) {
        this.window = new ReceiveWindow(config.receiveWindowBytes(), timeout);
        this.inboundStreams = peer.inboundStreams();
        this.events = events;
        this.control = control;
        this.timers = timers;
        this.counters = counters;
        this.tsns = new ReceivedTsns(peer.initialTsn());
        this.advertisedBytes = window.bytes();
        this.interleaving = peer.interleaving();
        InboundStream.Sink sink = (streamId, ppid, message) -> {
            counters.messagesReceived++;
            events.addMessage(streamId, ppid, message);
        };
        this.reassembly = new Reassembly(peer.initialTsn(), config.maxReceiveMessageBytes(), sink, counters);
        this.interleaved = new InterleavedReassembly(config.maxReceiveMessageBytes(), sink, counters);
    }

    int cumulativeTsn() {
        return tsns.cumulative();
    }

    /// Why the association must be aborted, once the peer broke the rules.
    @Nullable
    String violation() {
        return interleaving ? interleaved.violation() : reassembly.violation();
    }

    /// Whether I-DATA and I-FORWARD-TSN were agreed on, instead of DATA and FORWARD TSN.
    boolean isInterleaving() {
        return interleaving;
    }

    void onData(DataChunk chunk) {
        onData(chunk.tsn(), chunk.streamId(), chunk.payload(), chunk.isImmediate(), isNext -> {
            if (isNext) {
                reassembly.consumeNext(chunk);
            } else {
                reassembly.hold(chunk);
            }
        });
    }

    void onData(InterleavedDataChunk chunk) {
        onData(chunk.tsn(), chunk.streamId(), chunk.payload(), chunk.isImmediate(), _ -> interleaved.add(chunk));
    }

    private void onData(int tsn, int streamId, ByteBuffer payload, boolean immediate, BooleanConsumer taker) {
        dataInPacket = true;
        counters.dataChunksReceived++;
        switch (tsns.verdict(tsn)) {
            case DUPLICATE -> {
                counters.drop(DropReason.DUPLICATE_DATA);
                tsns.addDuplicate(tsn);
                sackDue = true;
            }
            case OUT_OF_RANGE -> {
                counters.drop(DropReason.DATA_OUT_OF_RANGE);
                sackDue = true;
            }
            case NEW -> onNewData(tsn, streamId, payload, immediate, taker);
        }
    }

    /// Takes a chunk, told whether it is the next one.
    private interface BooleanConsumer {
        void accept(boolean isNext);
    }

    private void onNewData(int tsn, int streamId, ByteBuffer payload, boolean immediate, BooleanConsumer taker) {
        boolean isNext = tsn == tsns.cumulative() + 1;
        // overhead is not announced, so the hard limit leaves a well-behaved peer room; the next TSN has some more,
        // because it is what frees the rest
        long limit = (isNext ? 3L : 2L) * window.bytes();
        if (heldBytes() + payload.remaining() > limit) {
            counters.drop(DropReason.WINDOW_FULL);
            sackDue = true;
            return;
        }
        tsns.add(tsn);
        if (streamId >= inboundStreams) {
            // "SHOULD acknowledge the reception of the DATA chunk following the normal procedure, discard it, and
            // report"
            counters.drop(DropReason.INVALID_STREAM);
            control.add(
                    new ErrorChunk(List.of(ErrorCause.withNumber(ErrorCause.INVALID_STREAM, streamId << Short.SIZE))));
        } else {
            taker.accept(isNext);
        }
        reassembly.advanceTo(tsns.cumulative());
        sackDue |= immediate || !isNext || tsns.hasGaps();
    }

    /// Takes a FORWARD TSN (RFC 3758 section 3.6).
    void onForwardTsn(ForwardTsnChunk chunk) {
        if (isForward(chunk.newCumulativeTsn())) {
            reassembly.forward(chunk);
            reassembly.advanceTo(tsns.cumulative());
            sackDue |= tsns.hasGaps();
        }
    }

    /// Takes an I-FORWARD-TSN (RFC 8260 section 2.3.1).
    void onForwardTsn(InterleavedForwardTsnChunk chunk) {
        if (isForward(chunk.newCumulativeTsn())) {
            chunk.skipped().stream()
                    .filter(skipped -> skipped.streamId() < inboundStreams)
                    .forEach(interleaved::skip);
            sackDue |= tsns.hasGaps();
        }
    }

    private boolean isForward(int newCumulativeTsn) {
        dataInPacket = true;
        if (Serial32.distance(newCumulativeTsn, tsns.cumulative()) <= 0) {
            sackDue = true; // "an out-of-date FORWARD TSN": the SACK that answered it was lost
            return false;
        }
        tsns.forwardTo(newCumulativeTsn);
        return true;
    }

    void resetStreams(Collection<Integer> streamIds) {
        reassembly.resetStreams(streamIds);
        interleaved.resetStreams(streamIds);
    }

    /// All chunks of a packet were taken: "an acknowledgement SHOULD be generated for at least every second packet".
    void onPacketEnd(long nowNanos) {
        if (!dataInPacket) {
            return;
        }
        dataInPacket = false;
        window.onData(nowNanos);
        packetsToAcknowledge++;
        if (packetsToAcknowledge >= 2) {
            sackDue = true;
        } else {
            timers.setIfIdle(SctpTimer.DELAYED_SACK, nowNanos + DELAYED_SACK_NANOS);
        }
    }

    void onDelayedSack() {
        sackDue = true;
    }

    /// The owner has taken a message: tells a peer that stands before a closed window.
    void onConsumed(int messageBytes) {
        window.onConsumed(messageBytes);
        if (advertisedBytes < window.bytes() / 4 && freeBytes() >= window.bytes() / 2) {
            sackDue = true;
        }
    }

    void requestSack() {
        sackDue = true;
    }

    boolean isSackDue() {
        return sackDue;
    }

    /// Whether there is something to acknowledge, now or within the delay.
    boolean isSackPending() {
        return sackDue || packetsToAcknowledge > 0;
    }

    /// Makes the SACK; the caller sends it.
    SackChunk takeSack(int maxBytes) {
        sackDue = false;
        packetsToAcknowledge = 0;
        timers.clear(SctpTimer.DELAYED_SACK);
        advertisedBytes = freeBytes();
        return tsns.sack(advertisedBytes, maxBytes - maxBytes % Chunk.HEADER_BYTES);
    }

    private long freeBytes() {
        return Math.max(0, window.bytes() - heldBytes());
    }

    private long heldBytes() {
        return reassembly.heldBytes() + interleaved.heldBytes() + events.heldBytes();
    }
}
