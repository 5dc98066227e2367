package dev.nearhand.transport.rtp;

import dev.nearhand.transport.payload.Depacketizer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The newest [#CAPACITY] packets of a stream by their extended sequence numbers, in slots that are used again. What a
/// new packet displaces is gone.
final class PacketRing {
    static final int CAPACITY = 4096;

    /// What a packet is to the frame that it belongs to.
    enum Kind {
        FRAME_START,
        /// Begins a frame when its timestamp is another one than that of the packet before.
        POSSIBLE_START,
        CONTINUATION,
        /// Carries no media: padding, or a format that was not agreed on. Its place in the sequence is taken, no more.
        EMPTY,
        /// Carries what the format does not allow.
        BROKEN
    }

    /// What was found out about a packet that came.
    ///
    /// @param keyframe whether its frame is a key frame, as far as it tells
    /// @param marker whether its frame ends with it
    /// @param depacketizer who puts its frame together; null when it carries no media
    /// @param picture as [Depacketizer.Piece#picture]
    record Arrival(
            Kind kind,
            boolean keyframe,
            boolean marker,
            @Nullable Depacketizer depacketizer,
            int picture) {
        static final Arrival EMPTY = new Arrival(Kind.EMPTY, false, false, null, Depacketizer.Piece.UNNUMBERED);
        static final Arrival BROKEN = new Arrival(Kind.BROKEN, false, false, null, Depacketizer.Piece.UNNUMBERED);
    }

    /// One packet.
    static final class Slot {
        long sequence = Long.MIN_VALUE;
        Kind kind = Kind.EMPTY;
        boolean keyframe;
        boolean marker;
        int timestamp;
        int picture = Depacketizer.Piece.UNNUMBERED;

        @Nullable
        Depacketizer depacketizer;

        byte[] media = new byte[0];
        int mediaBytes;
    }

    private final @Nullable Slot[] slots = new Slot[CAPACITY];

    boolean contains(long sequence) {
        return find(sequence) != null;
    }

    @Nullable
    Slot find(long sequence) {
        Slot slot = slots[index(sequence)];
        return slot != null && slot.sequence == sequence ? slot : null;
    }

    /// Copies a packet in.
    void put(long sequence, Arrival arrival, int timestamp, ByteBuffer media) {
        int index = index(sequence);
        Slot slot = slots[index];
        if (slot == null) {
            slot = new Slot();
            slots[index] = slot;
        }
        slot.sequence = sequence;
        slot.kind = arrival.kind();
        slot.keyframe = arrival.keyframe();
        slot.marker = arrival.marker();
        slot.depacketizer = arrival.depacketizer();
        slot.timestamp = timestamp;
        slot.picture = arrival.picture();
        slot.mediaBytes = media.remaining();
        if (slot.media.length < slot.mediaBytes) {
            slot.media = new byte[slot.mediaBytes];
        }
        media.get(media.position(), slot.media, 0, slot.mediaBytes);
    }

    private static int index(long sequence) {
        return Math.floorMod(sequence, CAPACITY);
    }
}
