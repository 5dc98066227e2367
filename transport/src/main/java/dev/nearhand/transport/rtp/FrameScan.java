package dev.nearhand.transport.rtp;

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
    private boolean keyframe;
    private int bytes;

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
                case FRAME_START -> {
                    if (started) {
                        return State.COMPLETE; // a frame that ended without a marker
                    }
                    begin(slot);
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
            bytes += slot.mediaBytes;
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
        keyframe = slot.keyframe;
    }

    /// The media of a complete frame.
    byte[] assemble() {
        byte[] frame = new byte[bytes];
        int length = 0;
        for (long sequence = start; sequence < at; sequence++) {
            PacketRing.Slot slot = ring.find(sequence);
            if (slot != null && slot.kind != PacketRing.Kind.EMPTY) {
                System.arraycopy(slot.media, 0, frame, length, slot.mediaBytes);
                length += slot.mediaBytes;
            }
        }
        return frame;
    }
}
