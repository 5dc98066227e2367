package dev.nearhand.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.rtp.ParityEncoder.LevelSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// Packets are computed from parity as RFC 5109 says; the parity is made by [ParityEncoder].
class UlpfecRecoveryTest {
    private static final int SSRC = 0x1234_5678;
    private static final int TYPE = 96;
    private static final int OTHER_TYPE = 98;
    private static final Set<Integer> TYPES = Set.of(TYPE, OTHER_TYPE);

    private final UlpfecRecovery recovery = new UlpfecRecovery();
    private final SortedMap<Integer, byte[]> sent = new TreeMap<>();
    private final Random random = new Random(5);

    /// A packet with contributing sources, an extension and padding, each now and then.
    private static byte[] packet(Random random, int sequence) {
        int sources = random.nextInt(3) == 0 ? random.nextInt(16) : 0;
        int words = random.nextInt(3) == 0 ? random.nextInt(6) : -1;
        int padding = random.nextInt(4) == 0 ? 1 + random.nextInt(255) : 0;
        int payload = random.nextInt(900);
        ByteBuffer packet = ByteBuffer.allocate(12 + 4 * sources + (words < 0 ? 0 : 4 + 4 * words) + payload + padding);
        random.nextBytes(packet.array());
        packet.put((byte) (0x80 | (padding > 0 ? 0x20 : 0) | (words < 0 ? 0 : 0x10) | sources))
                .put((byte) ((random.nextBoolean() ? 0x80 : 0) | (random.nextBoolean() ? TYPE : OTHER_TYPE)))
                .putShort((short) sequence)
                .putInt(random.nextInt())
                .putInt(SSRC);
        if (words >= 0) {
            packet.putShort(12 + 4 * sources + 2, (short) words);
        }
        if (padding > 0) {
            packet.put(packet.capacity() - 1, (byte) padding);
        }
        return packet.array();
    }

    private void send(int first, int count) {
        for (int i = 0; i < count; i++) {
            sent.put(first + i & 0xFFFF, packet(random, first + i));
        }
    }

    /// Packets without anything around their payloads.
    private void sendPlain(int first, int count) {
        for (int i = 0; i < count; i++) {
            ByteBuffer packet = ByteBuffer.allocate(112 + i);
            random.nextBytes(packet.array());
            packet.put((byte) 0x80)
                    .put((byte) TYPE)
                    .putShort((short) (first + i))
                    .putInt(i)
                    .putInt(SSRC);
            sent.put(first + i & 0xFFFF, packet.array());
        }
    }

    private static RtpPacket parsed(byte[] packet) {
        RtpPacket parsed = RtpPacket.parse(ByteBuffer.wrap(packet));
        assertThat(parsed).isNotNull();
        return parsed;
    }

    private void arrive(int... sequences) {
        for (int sequence : sequences) {
            recovery.handleMedia(sequence, parsed(sent.get(sequence & 0xFFFF)), false);
        }
    }

    private void parity(int sequence, byte[] payload) {
        recovery.handleParity(sequence, ByteBuffer.wrap(payload));
    }

    private static byte[] bytes(RtpPacket packet) {
        ByteBuffer written = ByteBuffer.allocate(packet.lengthBytes());
        packet.writeTo(written);
        return written.array();
    }

    /// What can be computed now, by sequence number; each must be as it was sent.
    private List<Long> computed() {
        List<Long> sequences = new ArrayList<>();
        for (var next = recovery.poll(TYPES, SSRC); next != null; next = recovery.poll(TYPES, SSRC)) {
            assertThat(bytes(next.packet())).isEqualTo(sent.get((int) next.sequence() & 0xFFFF));
            sequences.add(next.sequence());
        }
        return sequences;
    }

    private byte[] over(int base, boolean longMask, Integer... indices) {
        return ParityEncoder.encode(sent, base, longMask, List.of(indices), 0);
    }

    @Property(tries = 300)
    void anyOnePacketOfAGroupIsComputedByteForByte(@ForAll long seed, @ForAll boolean longMask) {
        Random random = new Random(seed);
        SortedMap<Integer, byte[]> group = new TreeMap<>();
        int base = random.nextInt(0x1_0000);
        int count = 1 + random.nextInt(longMask ? 48 : 16);
        for (int i = 0; i < count; i++) {
            group.put(base + i & 0xFFFF, packet(random, base + i));
        }
        List<Integer> all = IntStream.range(0, count).boxed().toList();
        byte[] payload = ParityEncoder.encode(group, base, longMask, all, random.nextInt(30));
        int lost = random.nextInt(count);
        UlpfecRecovery one = new UlpfecRecovery();
        for (int i = 0; i < count; i++) {
            if (i != lost) {
                one.handleMedia(base + i, parsed(group.get(base + i & 0xFFFF)), false);
            }
        }
        one.handleParity(base + count, ByteBuffer.wrap(payload));
        UlpfecRecovery.Recovered recovered = one.poll(TYPES, SSRC);
        assertThat(recovered).isNotNull();
        assertThat(recovered.sequence()).isEqualTo(base + lost);
        assertThat(bytes(recovered.packet())).isEqualTo(group.get(base + lost & 0xFFFF));
        assertThat(one.poll(TYPES, SSRC)).isNull();
        assertThat(one.dropped()).isZero();
    }

    /// Any parity over any packets, any loss of both, any order: what is computed is what theory says, no more, no
    /// less, and nothing twice.
    @Property(tries = 400)
    void whateverTheoryCanRecoverIsRecoveredOnce(@ForAll long seed) {
        Random random = new Random(seed);
        SortedMap<Integer, byte[]> media = new TreeMap<>();
        Map<Integer, byte[]> parity = new HashMap<>();
        Map<Integer, Set<Integer>> protects = new HashMap<>();
        int base = random.nextInt(0x1_0000);
        int at = 0;
        for (int group = 1 + random.nextInt(3); group > 0; group--) {
            List<Integer> own = new ArrayList<>();
            for (int i = 1 + random.nextInt(14); i > 0; i--) {
                media.put(base + at & 0xFFFF, packet(random, base + at));
                own.add(at++);
            }
            for (int i = random.nextInt(6); i > 0; i--) {
                List<Integer> some = new ArrayList<>(own);
                Collections.shuffle(some, random);
                List<Integer> chosen = some.subList(0, 1 + random.nextInt(some.size()));
                int low = Collections.min(chosen);
                List<Integer> indices =
                        chosen.stream().map(index -> index - low).toList();
                parity.put(at, ParityEncoder.encode(media, base + low & 0xFFFF, random.nextBoolean(), indices, 0));
                protects.put(at, new HashSet<>(chosen));
                at++;
            }
        }
        double loss = 0.6 * random.nextDouble();
        List<Integer> arriving = new ArrayList<>();
        for (int i = 0; i < at; i++) {
            if (random.nextDouble() >= loss) {
                arriving.add(i);
            }
        }
        if (random.nextBoolean()) {
            Collections.shuffle(arriving, random);
        }
        Set<Integer> known = new HashSet<>();
        Set<Integer> usable = new HashSet<>();
        UlpfecRecovery one = new UlpfecRecovery();
        Set<Integer> computed = new HashSet<>();
        long first = 0x10_0000 + base;
        for (int index : arriving) {
            if (parity.containsKey(index)) {
                usable.add(index);
                one.handleParity(first + index, ByteBuffer.wrap(parity.get(index)));
            } else {
                known.add(index);
                one.handleMedia(first + index, parsed(media.get(base + index & 0xFFFF)), false);
            }
            for (var next = one.poll(TYPES, SSRC); next != null; next = one.poll(TYPES, SSRC)) {
                int which = (int) (next.sequence() - first);
                assertThat(bytes(next.packet())).isEqualTo(media.get(base + which & 0xFFFF));
                assertThat(computed.add(which)).as("once").isTrue();
                assertThat(known).doesNotContain(which);
            }
            Set<Integer> both = new HashSet<>(known);
            both.addAll(computed);
            assertThat(both).isEqualTo(closure(known, usable, protects));
        }
        assertThat(one.dropped()).isZero();
        assertThat(one.pollContradiction()).isFalse();
    }

    /// With what a parity packet tells that lacks one packet, until none does.
    private static Set<Integer> closure(Set<Integer> known, Set<Integer> usable, Map<Integer, Set<Integer>> protects) {
        Set<Integer> closure = new HashSet<>(known);
        int before;
        do {
            before = closure.size();
            for (int parity : usable) {
                Set<Integer> missing = new HashSet<>(protects.get(parity));
                missing.removeAll(closure);
                if (missing.size() == 1) {
                    closure.addAll(missing);
                }
            }
        } while (closure.size() > before);
        return closure;
    }

    @Test
    void aComputedPacketHelpsToComputeTheNext() {
        send(100, 6);
        arrive(100, 103, 105);
        parity(106, over(100, false, 0, 1, 2)); // lacks 101 and 102
        parity(107, over(102, false, 0, 1, 2)); // lacks 102 and 104
        assertThat(computed()).isEmpty();
        parity(108, over(104, false, 0, 1));
        assertThat(computed()).containsExactly(104L, 102L, 101L);
    }

    @Test
    void higherLevelsTellTheRestOfAPacket() {
        send(10, 4);
        sent.put(11, Arrays.copyOf(sent.get(11), 812));
        sent.get(11)[0] = (byte) 0x80;
        List<LevelSpec> levels = List.of(
                new LevelSpec(List.of(0, 1, 2, 3), 40),
                new LevelSpec(List.of(1, 3), 300),
                new LevelSpec(List.of(1), 900));
        arrive(10, 12, 13);
        parity(14, ParityEncoder.encode(sent, 10, false, levels));
        assertThat(computed()).containsExactly(11L);
    }

    @Test
    void aPacketThatIsLongerThanItsProtectionIsNotComputedInPart() {
        send(10, 3);
        sent.put(11, Arrays.copyOf(sent.get(11), 900));
        sent.get(11)[0] = (byte) 0x80;
        arrive(10, 12);
        parity(13, ParityEncoder.encode(sent, 10, false, List.of(new LevelSpec(List.of(0, 1, 2), 100))));
        assertThat(computed()).isEmpty();
        // another packet protects what was left over, at its second level
        List<LevelSpec> levels = List.of(new LevelSpec(List.of(0, 2), 60), new LevelSpec(List.of(1, 2), 900));
        parity(14, ParityEncoder.encode(sent, 10, true, levels));
        assertThat(computed()).containsExactly(11L);
    }

    @Test
    void numbersThatWrapAreNoObstacle() {
        send(0xFFFE, 4);
        for (int i : List.of(0, 1, 3)) {
            recovery.handleMedia(0xFFFE + i, parsed(sent.get(0xFFFE + i & 0xFFFF)), false);
        }
        parity(0x1_0002, over(0xFFFE, false, 0, 1, 2, 3));
        assertThat(computed()).containsExactly(0x1_0000L);
    }

    @Test
    void nothingIsComputedFromARetransmissionNorOfWhatCameInOne() {
        send(1, 3);
        arrive(1);
        recovery.handleMedia(2, parsed(sent.get(2)), true);
        parity(4, over(1, false, 0, 1, 2));
        assertThat(computed()).isEmpty();
        arrive(2); // late, as it was sent
        assertThat(computed()).containsExactly(3L);
    }

    @Test
    void parityThatComesTwiceCountsOnce() {
        send(1, 2);
        arrive(1);
        byte[] payload = over(1, false, 0, 1);
        parity(3, payload);
        parity(3, payload);
        assertThat(computed()).containsExactly(2L);
        assertThat(recovery.received()).isEqualTo(1);
    }

    @Test
    void parityThatDisagreesTellsNothing() {
        sendPlain(1, 4);
        arrive(1, 2, 4);
        byte[] wrong = over(1, false, 0, 2);
        wrong[50] ^= 1;
        parity(5, wrong);
        parity(6, over(2, false, 0, 1, 2));
        assertThat(recovery.poll(TYPES, SSRC)).isNull();
        assertThat(recovery.dropped()).isEqualTo(2);
        arrive(3);
        assertThat(computed()).isEmpty();
    }

    @Test
    void aPacketThatIsNotWhatWasComputedEndsTheTrustInParity() {
        sendPlain(1, 8);
        arrive(1);
        byte[] wrong = over(1, false, 0, 1);
        wrong[14] ^= 1; // a byte of the payload
        parity(3, wrong);
        assertThat(recovery.poll(TYPES, SSRC)).isNotNull();
        assertThat(recovery.poll(TYPES, SSRC)).isNull();
        assertThat(recovery.pollContradiction()).isFalse();
        arrive(2);
        assertThat(recovery.pollContradiction()).isTrue();
        assertThat(recovery.pollContradiction()).isFalse();
        arrive(4);
        parity(6, over(4, false, 0, 1));
        assertThat(recovery.poll(TYPES, SSRC)).isNull();
        assertThat(recovery.dropped()).isEqualTo(1);
    }

    @Test
    void theOriginalOfWhatWasComputedRightIsNoContradiction() {
        send(1, 4);
        arrive(1);
        parity(3, over(1, false, 0, 1));
        assertThat(computed()).containsExactly(2L);
        arrive(2);
        recovery.handleMedia(2, parsed(sent.get(2)), true);
        assertThat(recovery.pollContradiction()).isFalse();
    }

    @Test
    void whatCannotBeMediaIsNotComputed() {
        sendPlain(1, 2);
        arrive(1);
        byte[] payload = over(1, false, 0, 1);
        payload[1] ^= 0x40; // a payload type that was not agreed on
        parity(3, payload);
        assertThat(recovery.poll(TYPES, SSRC)).isNull();
        byte[] longer = over(1, false, 0, 1);
        longer[8] ^= (byte) 0x80; // longer than any packet
        parity(4, longer);
        assertThat(recovery.poll(TYPES, SSRC)).isNull();
        byte[] flags = over(1, false, 0, 1);
        flags[0] |= 0x3F; // with an extension and more sources than there is room for
        flags[9] = (byte) (sent.get(1).length - 12 ^ 2);
        parity(5, flags);
        assertThat(recovery.poll(TYPES, SSRC)).isNull();
        assertThat(recovery.dropped()).isEqualTo(3);
    }

    @Test
    void parityThatProtectsParityIsWrong() {
        send(1, 4);
        arrive(1);
        byte[] all = over(1, false, 0, 1, 2);
        parity(3, over(1, false, 0)); // has the place of a packet that the other protects
        parity(4, all);
        assertThat(recovery.poll(TYPES, SSRC)).isNull();
        assertThat(recovery.dropped()).isEqualTo(1);
    }

    @Test
    void parityOfPacketsThatAreFarAwayIsDropped() {
        send(10_000, 3);
        arrive(10_000, 10_001);
        int number = 10_100;
        for (int away : List.of(-1_000, 1_000, 30_000, -30_000)) {
            send(10_000 + away, 2);
            byte[] payload = over(10_000 + away & 0xFFFF, false, 0, 1);
            long before = recovery.dropped();
            parity(number++, payload);
            assertThat(recovery.poll(TYPES, SSRC)).isNull();
            assertThat(recovery.dropped()).isEqualTo(before + 1);
        }
    }

    @Test
    void nothingGrowsWithoutBounds() {
        send(1, 3);
        byte[] twoMissing = over(1, false, 0, 1);
        for (int i = 0; i < 200; i++) {
            parity(10 + i, twoMissing);
            assertThat(recovery.poll(TYPES, SSRC)).isNull();
        }
        assertThat(recovery.received()).isEqualTo(200);
        assertThat(recovery.dropped()).isEqualTo(200 - UlpfecRecovery.MAX_PARITY);
        parity(5, new byte[ProtectedPackets.MAX_BYTES + 1]);
        assertThat(recovery.dropped()).isEqualTo(201 - UlpfecRecovery.MAX_PARITY);
        ProtectedPackets packets = new ProtectedPackets();
        for (int i = 0; i < 10_000; i++) {
            packets.put(i, ProtectedPackets.Kind.MEDIA, parsed(packet(random, i)));
        }
        assertThat(IntStream.range(0, 10_000)
                        .filter(i -> packets.find(i) != null)
                        .count())
                .isEqualTo(ProtectedPackets.CAPACITY);
    }
}
