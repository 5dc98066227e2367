package dev.nearhand.transport.rtp;

import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.payload.Depacketizer;
import dev.nearhand.transport.rtp.FrameScan.State;
import dev.nearhand.transport.time.TimerTable;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Puts the packets of one stream in order and lets a frame go the moment it is complete, if everything before it went
/// too, or if it is a key frame that makes what is missing before it unimportant. No timer ever holds a complete frame.
///
/// When a gap is not repaired within the patience that its owner allows, or the packets are no frame, it goes on at the
/// next key frame. Holds at most [PacketRing#CAPACITY] packets; a packet too far ahead of what is waited for makes it
/// go on at the next key frame as well.
final class JitterBuffer {
    private static final long NONE = Long.MIN_VALUE;

    /// Fewer than there are numbers of pictures: so many packets cannot hide pictures unnoticed.
    private static final int MAX_PARITY_LOST = 100;

    /// A whole frame.
    record Frame(Codec codec, byte[] data, int timestamp, boolean keyframe) {}

    private final PacketRing ring = new PacketRing();
    private final Consumer<Frame> sink;
    private boolean started;
    private boolean waitsForKeyframe = true;
    private long floor; // nothing before it is of use
    private FrameScan head = new FrameScan(ring, 0);
    private @Nullable FrameScan key; // the newest key frame ahead of the head, or the only hope without one
    private long keySinceNanos;
    private long highest = NONE;
    private long newestNanos;
    private long gapSinceNanos = TimerTable.NEVER;
    private int lastPicture = Depacketizer.Piece.UNNUMBERED;
    private boolean hasParity;
    private long skips;

    /// @param sink is called with each frame, from within [#insert]
    JitterBuffer(Consumer<Frame> sink) {
        this.sink = sink;
    }

    /// Whether there may be parity (RFC 5109) among the packets. Some senders do not repeat it, so that what is missing
    /// between two pictures whose numbers follow each other is not waited for.
    void hasParity(boolean agreed) {
        hasParity = agreed;
    }

    /// Takes a packet.
    ///
    /// @param media without the payload descriptor, borrowed
    /// @return false when it is of no use: a duplicate, or too late
    boolean insert(long nowNanos, long sequence, PacketRing.Arrival arrival, int timestamp, ByteBuffer media) {
        if (!started) {
            started = true;
            floor = sequence - PacketRing.CAPACITY / 2; // what was overtaken by the very first one
        }
        if (sequence < floor || ring.contains(sequence)) {
            return false;
        }
        if (sequence >= floor + PacketRing.CAPACITY) {
            if (!waitsForKeyframe) {
                awaitKeyframe();
            }
            raiseFloor(sequence - PacketRing.CAPACITY + 1);
        }
        ring.put(sequence, arrival, timestamp, media);
        highest = Math.max(highest, sequence);
        newestNanos = nowNanos;
        if (arrival.keyframe() && beginsFrame(sequence, arrival.kind()) && isNewerKey(sequence)) {
            key = new FrameScan(ring, sequence);
            keySinceNanos = nowNanos;
        }
        deliver();
        watchGap(nowNanos);
        return true;
    }

    private boolean isNewerKey(long sequence) {
        return key == null ? waitsForKeyframe || sequence > head.start() : sequence > key.start();
    }

    /// A packet that begins a frame only with a new timestamp does so for sure when the one before it is there.
    private boolean beginsFrame(long sequence, PacketRing.Kind kind) {
        if (kind != PacketRing.Kind.POSSIBLE_START) {
            return kind == PacketRing.Kind.FRAME_START;
        }
        PacketRing.Slot self = ring.find(sequence);
        PacketRing.Slot before = ring.find(sequence - 1);
        return self != null && before != null && before.timestamp != self.timestamp;
    }

    private void deliver() {
        while (waitsForKeyframe ? deliverKey() : deliverHead() || deliverKey()) {
            // one frame may have been all that the next one waited for
        }
    }

    private boolean deliverHead() {
        return switch (head.advance()) {
            case COMPLETE -> {
                if (handOver(head)) {
                    yield true;
                }
                awaitKeyframe();
                yield key != null;
            }
            case BROKEN -> {
                awaitKeyframe();
                yield key != null;
            }
            case INCOMPLETE -> {
                floor = Math.max(floor, head.start());
                yield hasParity && skipLostParity();
            }
        };
    }

    private boolean skipLostParity() {
        if (head.isStarted() || lastPicture == Depacketizer.Piece.UNNUMBERED) {
            return false;
        }
        long end = Math.min(highest, head.at() + MAX_PARITY_LOST);
        for (long sequence = head.at() + 1; sequence <= end; sequence++) {
            PacketRing.Slot slot = ring.find(sequence);
            if (slot != null && slot.kind != PacketRing.Kind.EMPTY) {
                boolean next = slot.picture == Depacketizer.Piece.next(lastPicture);
                head = next ? new FrameScan(ring, sequence) : head;
                return next;
            }
        }
        return false;
    }

    private boolean deliverKey() {
        FrameScan scan = key;
        if (scan == null) {
            return false;
        }
        State state = scan.advance();
        if (state == State.COMPLETE) {
            if (!waitsForKeyframe && scan.start() > head.start()) {
                skips++; // faster than the repair of the gap before it
            }
            if (handOver(scan)) {
                waitsForKeyframe = false;
                return true;
            }
            state = State.BROKEN;
        }
        if (state == State.BROKEN) {
            key = null;
        }
        return false;
    }

    /// @return false when its packets are there and do not fit together
    private boolean handOver(FrameScan scan) {
        Codec codec = scan.codec();
        byte[] data = scan.assemble();
        if (data == null || codec == null) {
            return false;
        }
        sink.accept(new Frame(codec, data, scan.timestamp(), scan.isKeyframe()));
        gapSinceNanos = TimerTable.NEVER;
        lastPicture = scan.picture();
        floor = scan.at();
        head = new FrameScan(ring, floor);
        if (key != null && key.start() < floor) {
            key = null;
        }
        return true;
    }

    private void raiseFloor(long sequence) {
        floor = sequence;
        if (key != null && key.start() < floor) {
            key = null;
        }
    }

    /// Gives up what is incomplete; only a key frame goes out next.
    void awaitKeyframe() {
        if (!waitsForKeyframe) {
            waitsForKeyframe = true;
            skips++;
        }
        gapSinceNanos = TimerTable.NEVER;
    }

    private void watchGap(long nowNanos) {
        boolean gap = !waitsForKeyframe && highest > head.at();
        if (!gap) {
            gapSinceNanos = TimerTable.NEVER;
        } else if (gapSinceNanos == TimerTable.NEVER) {
            gapSinceNanos = nowNanos;
        }
    }

    boolean waitsForKeyframe() {
        return waitsForKeyframe;
    }

    /// Whether a key frame is on its way, since when; `NEVER` when none is.
    long keyframeSinceNanos() {
        return key == null ? TimerTable.NEVER : keySinceNanos;
    }

    /// The first sequence number that is still of use.
    long neededFrom() {
        return waitsForKeyframe && key != null ? key.start() : floor;
    }

    /// When to give up waiting for a gap to be closed, or for the rest of a frame after which nothing came any more;
    /// `NEVER` when nothing is waited for.
    long deadlineNanos(long patienceNanos) {
        if (waitsForKeyframe || highest < head.start()) {
            return TimerTable.NEVER;
        }
        if (gapSinceNanos != TimerTable.NEVER) {
            return gapSinceNanos + patienceNanos;
        }
        return head.isStarted() ? newestNanos + patienceNanos : TimerTable.NEVER;
    }

    /// How often it went on at a key frame.
    long skips() {
        return skips;
    }
}
