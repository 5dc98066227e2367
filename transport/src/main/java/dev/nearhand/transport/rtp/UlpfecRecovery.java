package dev.nearhand.transport.rtp;

import dev.nearhand.transport.payload.UlpfecPacket;
import dev.nearhand.transport.rtp.ProtectedPackets.Kind;
import dev.nearhand.transport.wire.Seq16;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Computes lost packets of one stream from its parity (RFC 5109 section 9), as far as one level-0 mask lacks one
/// packet only and the levels that are there reach to that packet's end. What was computed helps to compute more.
///
/// Where several parity packets tell the same packet, they must tell it alike, and a packet that comes after it was
/// computed must be what was computed; else somebody's parity is not to be trusted, and no more of it is used. Keeps
/// [ProtectedPackets] and at most [#MAX_PARITY] parity packets of at most [ProtectedPackets#MAX_BYTES] each, of which
/// the oldest goes when another one comes.
final class UlpfecRecovery {
    static final int MAX_PARITY = 48;

    private static final int HEADER_BYTES = RtpPacket.FIXED_HEADER_BYTES;

    private static final int VERSION_BITS = 0x80;
    private static final long NONE = Long.MIN_VALUE;

    /// What was computed cannot be.
    private static final byte[] WRONG = {};

    /// A lost packet as it was sent.
    record Recovered(long sequence, RtpPacket packet) {}

    /// Parity that may be of use still. One is itself only: the next may say the same.
    private static final class Parity {
        final UlpfecPacket packet;
        final long base;

        Parity(UlpfecPacket packet, long base) {
            this.packet = packet;
            this.base = base;
        }

        /// The lowest number that is protected, extended.
        long first() {
            return base + Long.numberOfTrailingZeros(packet.protectedMask());
        }

        long last() {
            return base + Long.SIZE - 1 - Long.numberOfLeadingZeros(packet.protectedMask());
        }

        UlpfecPacket.Level lowest() {
            return packet.levels().getFirst();
        }
    }

    /// Where some bytes of a packet are told.
    private record Source(long base, UlpfecPacket.Level level) {}

    private ProtectedPackets packets = new ProtectedPackets();
    private final List<Parity> waiting = new ArrayList<>(); // in the order in which they came
    private boolean contradicted;
    private boolean contradictionTold;
    private long received;
    private long dropped;

    /// Begins with another source; goes on counting.
    void restart() {
        packets = new ProtectedPackets();
        waiting.clear();
        contradicted = false;
        contradictionTold = false;
    }

    /// A packet has come as it was sent, or in the stream of retransmissions.
    ///
    /// @param packet without RED; copied
    void handleMedia(long sequence, RtpPacket packet, boolean retransmitted) {
        ProtectedPackets.Slot known = packets.find(sequence);
        if (known == null && retransmitted) {
            packets.put(sequence, Kind.OPAQUE);
        } else if (known == null) {
            packets.put(sequence, Kind.MEDIA, packet);
        } else if (known.kind == Kind.RECOVERED) {
            if (!known.carriesSame(packet)) {
                contradicted = true;
                dropped += waiting.size();
                waiting.clear();
            }
            known.kind = Kind.MEDIA;
        } else if (known.kind == Kind.OPAQUE && !retransmitted) {
            packets.put(sequence, Kind.MEDIA, packet);
        }
    }

    /// A parity packet has come.
    ///
    /// @param payload without RED; copied
    void handleParity(long sequence, ByteBuffer payload) {
        if (packets.find(sequence) != null) {
            return; // once more
        }
        received++;
        packets.put(sequence, Kind.PARITY);
        Parity parity =
                contradicted || payload.remaining() > ProtectedPackets.MAX_BYTES ? null : read(sequence, payload);
        if (parity == null) {
            dropped++;
            return;
        }
        if (waiting.size() == MAX_PARITY) {
            waiting.removeFirst();
            dropped++;
        }
        waiting.add(parity);
    }

    /// Null when it is malformed, or speaks of packets that are not near.
    private @Nullable Parity read(long sequence, ByteBuffer payload) {
        byte[] copy = new byte[payload.remaining()];
        payload.duplicate().get(copy);
        UlpfecPacket packet = UlpfecPacket.parse(ByteBuffer.wrap(copy));
        if (packet == null) {
            return null;
        }
        Parity parity = new Parity(packet, Seq16.extend(sequence, packet.base()));
        boolean near =
                !packets.isPast(parity.first()) && parity.last() <= packets.newest() + UlpfecPacket.MAX_PROTECTED;
        return near ? parity : null;
    }

    /// The next packet that can be computed from what has come, or null. It is to be asked for again until there is
    /// none.
    ///
    /// @param types the payload types of media; a packet of another one was not computed right
    @Nullable
    Recovered poll(Set<Integer> types, int ssrc) {
        if (waiting.isEmpty()) {
            return null;
        }
        waiting.removeIf(parity -> packets.isPast(parity.first()) || !lacksAny(parity));
        for (Parity parity : List.copyOf(waiting)) {
            long target = onlyMissing(parity);
            if (target == NONE || !waiting.contains(parity)) {
                continue;
            }
            RtpPacket packet = agreed(target, types, ssrc);
            if (packet != null) {
                packets.put(target, Kind.RECOVERED, packet);
                return new Recovered(target, packet);
            }
        }
        return null;
    }

    private boolean lacksAny(Parity parity) {
        return missing(parity, parity.packet.protectedMask()) != 0;
    }

    /// Those of a mask that are not there.
    private long missing(Parity parity, long mask) {
        long missing = 0;
        for (long rest = mask; rest != 0; rest &= rest - 1) {
            int bit = Long.numberOfTrailingZeros(rest);
            if (packets.find(parity.base + bit) == null) {
                missing |= 1L << bit;
            }
        }
        return missing;
    }

    /// The packet that lacks where its header is protected, when it is one only; else [#NONE].
    private long onlyMissing(Parity parity) {
        long missing = missing(parity, parity.lowest().mask());
        return Long.bitCount(missing) == 1 ? parity.base + Long.numberOfTrailingZeros(missing) : NONE;
    }

    /// What all parity that tells a packet makes of it; null when none does. Parity that tells something impossible, or
    /// not what other parity tells, is given up.
    private @Nullable RtpPacket agreed(long target, Set<Integer> types, int ssrc) {
        byte[] told = null;
        boolean wrong = false;
        List<Parity> witnesses = new ArrayList<>();
        for (Parity parity : waiting) {
            byte[] bytes = onlyMissing(parity) == target ? compute(parity, target, ssrc) : null;
            if (bytes != null) {
                witnesses.add(parity);
                wrong |= bytes.length == 0 || told != null && !Arrays.equals(told, bytes);
                told = bytes;
            }
        }
        RtpPacket packet = told == null || wrong ? null : RtpPacket.parse(ByteBuffer.wrap(told));
        if (packet != null && types.contains(packet.payloadType())) {
            return packet;
        }
        waiting.removeAll(witnesses);
        dropped += witnesses.size();
        return null;
    }

    /// The bytes of a packet; null when they cannot be told yet, [#WRONG] when they cannot be right.
    private byte @Nullable [] compute(Parity parity, long target, int ssrc) {
        UlpfecPacket head = parity.packet;
        int flags = head.flags();
        int markerAndType = head.markerAndType();
        int timestamp = head.timestamp();
        int length = head.length();
        for (long rest = parity.lowest().mask(); rest != 0; rest &= rest - 1) {
            long sequence = parity.base + Long.numberOfTrailingZeros(rest);
            if (sequence == target) {
                continue;
            }
            ProtectedPackets.Slot slot = packets.find(sequence);
            if (slot == null || !slot.isUsable()) {
                return slot != null && slot.kind == Kind.PARITY ? WRONG : null;
            }
            flags ^= slot.bytes[0] & 0x3F;
            markerAndType ^= slot.bytes[1] & 0xFF;
            timestamp ^= ByteBuffer.wrap(slot.bytes).getInt(4);
            length ^= slot.length - HEADER_BYTES;
        }
        if (length > ProtectedPackets.MAX_BYTES - HEADER_BYTES) {
            return WRONG;
        }
        byte[] bytes = new byte[HEADER_BYTES + length];
        ByteBuffer.wrap(bytes)
                .put((byte) (VERSION_BITS | flags))
                .put((byte) markerAndType)
                .putShort((short) target)
                .putInt(timestamp)
                .putInt(ssrc);
        return fill(bytes, parity, target) ? bytes : null;
    }

    /// Computes what stands behind the first twelve bytes, level by level.
    ///
    /// @return false when the levels that can tell it do not reach to its end
    private boolean fill(byte[] bytes, Parity parity, long target) {
        int length = bytes.length - HEADER_BYTES;
        List<Source> sources = new ArrayList<>();
        for (int at = 0; at < length; ) {
            Source source = source(parity, target, at);
            if (source == null) {
                return false;
            }
            sources.add(source);
            at = source.level().end();
        }
        int at = 0;
        for (Source source : sources) {
            int end = Math.min(length, source.level().end());
            source.level().data().get(at - source.level().offset(), bytes, HEADER_BYTES + at, end - at);
            for (long rest = source.level().mask(); rest != 0; rest &= rest - 1) {
                ProtectedPackets.Slot slot = packets.find(source.base() + Long.numberOfTrailingZeros(rest));
                if (slot != null) { // all but the one that is computed
                    slot.xor(bytes, HEADER_BYTES + at, HEADER_BYTES + end);
                }
            }
            at = end;
        }
        return true;
    }

    /// A level that tells the bytes of a packet from there on: of the same parity packet, else of another one. What is
    /// protected at a level is so at those below too, though not always by the same packet (section 7.4).
    private @Nullable Source source(Parity parity, long target, int offset) {
        Source own = sourceIn(parity, target, offset);
        for (Iterator<Parity> others = waiting.iterator(); own == null && others.hasNext(); ) {
            own = sourceIn(others.next(), target, offset);
        }
        return own;
    }

    private @Nullable Source sourceIn(Parity parity, long target, int offset) {
        for (UlpfecPacket.Level level : parity.packet.levels()) {
            int bit = Math.clamp(target - parity.base, -1, UlpfecPacket.MAX_PROTECTED);
            if (level.offset() <= offset && offset < level.end() && level.covers(bit) && tells(parity, level, bit)) {
                return new Source(parity.base, level);
            }
        }
        return null;
    }

    /// Whether the packets of a level are there with their bytes, but for the one.
    private boolean tells(Parity parity, UlpfecPacket.Level level, int bit) {
        for (long rest = level.mask() & ~(1L << bit); rest != 0; rest &= rest - 1) {
            ProtectedPackets.Slot slot = packets.find(parity.base + Long.numberOfTrailingZeros(rest));
            if (slot == null || !slot.isUsable()) {
                return false;
            }
        }
        return true;
    }

    /// Tells once that a packet came which is not what was computed of it: no more is computed, and what was may have
    /// been wrong.
    boolean pollContradiction() {
        boolean fresh = contradicted && !contradictionTold;
        contradictionTold |= fresh;
        return fresh;
    }

    /// Parity packets that came.
    long received() {
        return received;
    }

    /// Those that were malformed, far from all packets, one too many, or contradicted.
    long dropped() {
        return dropped;
    }
}
