package dev.nearhand.transport.rtp;

import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.payload.Depacketizer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Follows the packets of one frame in a [PacketRing], as far as they have come; each is looked at once.
final class FrameScan {
    /// How far a frame is.
    enum State {
        /// A packet is still missing, or has not been sent yet.
        INCOMPLETE,
        COMPLETE,
        /// The packets are there, and are no frame.
        BROKEN
    }

    private final PacketRing ring;
    private long start;
    private long at;
    private boolean started;
    private int timestamp;
    private int picture = Depacketizer.Piece.UNNUMBERED;
    private boolean keyframe;
    private @Nullable Depacketizer depacketizer;

    /// @param start the first sequence number behind the frame before
    FrameScan(PacketRing ring, long start) {
        this.ring = ring;
        this.start = start;
        this.at = start;
    }

    /// The first packet of the frame, or of what stands before it and carries nothing.
    long start() {
        return start;
    }

    /// The first packet that was not looked at yet; when the scan is incomplete, the one that it waits for.
    long at() {
        return at;
    }

    boolean isStarted() {
        return started;
    }

    int timestamp() {
        return timestamp;
    }

    /// As [Depacketizer.Piece#picture].
    int picture() {
        return picture;
    }

    boolean isKeyframe() {
        return keyframe;
    }

    State advance() {
        for (PacketRing.Slot slot = ring.find(at); slot != null; slot = ring.find(at)) {
            switch (slot.kind) {
                case EMPTY -> {
                    at++;
                    if (!started) {
                        start = at;
                    }
                    continue;
                }
                case BROKEN -> {
                    return State.BROKEN;
                }
                case FRAME_START, POSSIBLE_START -> {
                    if (started && slot.timestamp != timestamp) {
                        return State.COMPLETE; // a frame that ended without a marker
                    }
                    if (!started) {
                        begin(slot);
                    }
                }
                case CONTINUATION -> {
                    if (!started) {
                        return State.BROKEN;
                    }
                    if (slot.timestamp != timestamp) {
                        return State.BROKEN;
                    }
                }
            }
            keyframe |= slot.keyframe;
            at++;
            if (slot.marker) {
                return State.COMPLETE;
            }
        }
        return State.INCOMPLETE;
    }

    private void begin(PacketRing.Slot slot) {
        started = true;
        timestamp = slot.timestamp;
        picture = slot.picture;
        depacketizer = slot.depacketizer;
    }

    /// The format of a frame that has begun.
    @Nullable
    Codec codec() {
        return depacketizer == null ? null : depacketizer.codec();
    }

    /// The media of a complete frame; null when its packets do not fit together.
    byte @Nullable [] assemble() {
        List<ByteBuffer> payloads = new ArrayList<>();
        BitSet starts = new BitSet();
        for (long sequence = start; sequence < at; sequence++) {
            PacketRing.Slot slot = ring.find(sequence);
            if (slot != null && slot.kind != PacketRing.Kind.EMPTY) {
                starts.set(payloads.size(), slot.kind != PacketRing.Kind.CONTINUATION);
                payloads.add(ByteBuffer.wrap(slot.media, 0, slot.mediaBytes));
            }
        }
        return depacketizer == null ? null : depacketizer.join(payloads, starts);
    }
}
