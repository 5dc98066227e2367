package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.SentChunk.State;
import dev.nearhand.transport.sctp.packet.Chunk;
import dev.nearhand.transport.sctp.packet.ForwardTsnChunk;
import dev.nearhand.transport.sctp.packet.InterleavedForwardTsnChunk;
import dev.nearhand.transport.wire.Serial32;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Gives up messages whose sender wants no more attempts, and tells the peer not to wait for them
/// ([RFC 3758 section 3.5](https://www.rfc-editor.org/rfc/rfc3758#section-3.5)).
final class Abandonment {
    private final SentChunks sent;
    private final SendQueue queue;
    private final Counters counters;

    /// A peer that knows no FORWARD TSN gets everything reliably.
    private boolean enabled;

    private boolean interleaving;

    /// A chunk, and how far it moves the peer.
    record Forward(Chunk chunk, int newCumulativeTsn) {}

    /// "Advanced.Peer.Ack.Point"
    private int advancedTsn;

    Abandonment(SentChunks sent, SendQueue queue, Counters counters) {
        this.sent = sent;
        this.queue = queue;
        this.counters = counters;
        this.advancedTsn = sent.firstTsn() - 1;
    }

    void enable(PeerTerms peer) {
        interleaving = peer.interleaving();
        enabled = peer.forwardTsn() || interleaving;
    }

    int advancedTsn() {
        return advancedTsn;
    }

    /// Whether the peer waits for something that was given up.
    boolean isForwardNeeded() {
        return Serial32.isNewerOrEqual(advancedTsn, sent.firstTsn());
    }

    /// Whether a chunk that is due for another transmission is not worth it.
    boolean isGivenUp(SentChunk chunk, long nowNanos) {
        return enabled
                && (chunk.message.isExpired(nowNanos)
                        || chunk.transmissions > 0 && chunk.transmissions - 1 >= chunk.message.maxRetransmits);
    }

    boolean isExpired(OutgoingMessage message, long nowNanos) {
        return enabled && message.isExpired(nowNanos);
    }

    /// Gives up a message of which at least one fragment has a TSN.
    void abandon(OutgoingMessage message) {
        if (message.abandoned) {
            return;
        }
        message.abandoned = true;
        counters.abandonedMessages++;
        if (message.remaining() > 0) {
            // all fragments so far may have arrived: a TSN for the missing end lets FORWARD TSN pass over the message
            queue.abandon(message);
            SentChunk end = new SentChunk(message, message.bytes.length, 0);
            sent.append(end);
            message.lastTsn = end.tsn;
        }
        int from = Serial32.isNewer(sent.firstTsn(), message.firstTsn) ? sent.firstTsn() : message.firstTsn;
        for (int tsn = from; Serial32.isNewerOrEqual(message.lastTsn, tsn); tsn++) {
            SentChunk chunk = sent.at(tsn);
            if (chunk.message == message) { // with I-DATA there are others between its fragments
                sent.setState(chunk, State.ABANDONED);
            }
        }
        advance();
    }

    /// Moves the point as far as abandoned chunks follow each other.
    void advance() {
        if (Serial32.isNewer(sent.firstTsn() - 1, advancedTsn)) {
            advancedTsn = sent.firstTsn() - 1;
        }
        while (advancedTsn + 1 != sent.nextTsn() && sent.at(advancedTsn + 1).state == State.ABANDONED) {
            advancedTsn++;
        }
    }

    /// The chunk that tells the peer, with as many streams as `maxBytes` hold.
    Forward forward(int maxBytes) {
        return interleaving ? interleavedForwardTsn(maxBytes) : forwardTsn(maxBytes);
    }

    private Forward interleavedForwardTsn(int maxBytes) {
        int room = (maxBytes - InterleavedForwardTsnChunk.MIN_BYTES) / InterleavedForwardTsnChunk.Skipped.BYTES;
        Map<Integer, InterleavedForwardTsnChunk.Skipped> last = new LinkedHashMap<>();
        int tsn = sent.firstTsn();
        for (; Serial32.isNewerOrEqual(advancedTsn, tsn); tsn++) {
            OutgoingMessage message = sent.at(tsn).message;
            int key = message.streamId * 2 + (message.unordered ? 1 : 0);
            if (last.size() == room && !last.containsKey(key)) {
                break;
            }
            last.put(key, new InterleavedForwardTsnChunk.Skipped(message.streamId, message.unordered, message.ssn));
        }
        return new Forward(new InterleavedForwardTsnChunk(tsn - 1, List.copyOf(last.values())), tsn - 1);
    }

    private Forward forwardTsn(int maxBytes) {
        int room = (maxBytes - ForwardTsnChunk.MIN_BYTES) / ForwardTsnChunk.Skipped.BYTES;
        Map<Integer, Integer> lastSsn = new LinkedHashMap<>();
        int tsn = sent.firstTsn();
        for (; Serial32.isNewerOrEqual(advancedTsn, tsn); tsn++) {
            OutgoingMessage message = sent.at(tsn).message;
            if (message.unordered) {
                continue;
            }
            if (lastSsn.size() == room && !lastSsn.containsKey(message.streamId)) {
                break;
            }
            lastSsn.put(message.streamId, message.ssn);
        }
        List<ForwardTsnChunk.Skipped> skipped = new ArrayList<>(lastSsn.size());
        lastSsn.forEach((stream, ssn) -> skipped.add(new ForwardTsnChunk.Skipped(stream, ssn)));
        return new Forward(new ForwardTsnChunk(tsn - 1, skipped), tsn - 1);
    }

    void restart() {
        advancedTsn = sent.firstTsn() - 1;
    }
}
