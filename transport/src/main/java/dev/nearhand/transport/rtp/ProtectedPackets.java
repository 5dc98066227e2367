package dev.nearhand.transport.rtp;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The newest packets of a stream as its parity was computed over them (RFC 5109): whole, with their headers, as they
/// were before RED was put around them.
///
/// Knows the [#CAPACITY] newest by their extended sequence numbers, in slots that are used again. Of one that is longer
/// than [#MAX_BYTES] only its being there is kept.
final class ProtectedPackets {
    /// Several times what one parity packet spans, so that what was overtaken finds its place still.
    static final int CAPACITY = 256;

    static final int MAX_BYTES = 2_048;

    /// What is known of a packet.
    enum Kind {
        /// It came as it was sent.
        MEDIA,
        /// It was computed.
        RECOVERED,
        /// It came, but not with the bytes that were protected: in a retransmission, whose header extension may be
        /// another one, or too long to be kept.
        OPAQUE,
        /// It is no media, and so never protected.
        PARITY
    }

    /// One packet.
    static final class Slot {
        long sequence = Long.MIN_VALUE;
        Kind kind = Kind.OPAQUE;
        byte[] bytes = new byte[0];
        int length;
        private int payloadAt;
        private int payloadBytes;

        /// Whether something can be computed with its bytes.
        boolean isUsable() {
            return kind == Kind.MEDIA || kind == Kind.RECOVERED;
        }

        /// Combines its bytes from `from` on, before `to`, with those of `into`; behind its end it counts as zeros.
        void xor(byte[] into, int from, int to) {
            int end = Math.min(to, length);
            for (int i = from; i < end; i++) {
                into[i] ^= bytes[i];
            }
        }

        /// Whether another one with its number carries the same. Extensions and padding may differ: some are written
        /// after the parity was computed.
        boolean carriesSame(RtpPacket packet) {
            return (bytes[1] & 0xFF) == ((packet.marker() ? 0x80 : 0) | packet.payloadType())
                    && ByteBuffer.wrap(bytes).getInt(4) == packet.timestamp()
                    && ByteBuffer.wrap(bytes, payloadAt, payloadBytes).equals(packet.payload());
        }
    }

    private final @Nullable Slot[] slots = new Slot[CAPACITY];
    private long newest = Long.MIN_VALUE / 2; // far from both ends: it is calculated with

    @Nullable
    Slot find(long sequence) {
        Slot slot = slots[Math.floorMod(sequence, CAPACITY)];
        return slot != null && slot.sequence == sequence ? slot : null;
    }

    /// The highest number there is.
    long newest() {
        return newest;
    }

    /// Whether a number is so old that nothing is known of it any more.
    boolean isPast(long sequence) {
        return sequence <= newest - CAPACITY;
    }

    /// Notes that a packet is there.
    void put(long sequence, Kind kind) {
        slot(sequence, kind);
    }

    /// Keeps a copy of a packet.
    void put(long sequence, Kind kind, RtpPacket packet) {
        boolean fits = packet.lengthBytes() <= MAX_BYTES;
        Slot slot = slot(sequence, fits ? kind : Kind.OPAQUE);
        if (slot == null || !fits) {
            return;
        }
        slot.length = packet.lengthBytes();
        slot.payloadAt = packet.header().remaining();
        slot.payloadBytes = packet.payload().remaining();
        if (slot.bytes.length < slot.length) {
            slot.bytes = new byte[slot.length];
        }
        packet.writeTo(ByteBuffer.wrap(slot.bytes));
    }

    private @Nullable Slot slot(long sequence, Kind kind) {
        newest = Math.max(newest, sequence);
        if (isPast(sequence)) {
            return null;
        }
        int index = Math.floorMod(sequence, CAPACITY);
        Slot slot = slots[index];
        if (slot == null) {
            slot = new Slot();
            slots[index] = slot;
        }
        slot.sequence = sequence;
        slot.kind = kind;
        return slot;
    }
}
