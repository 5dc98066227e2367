package dev.nearhand.transport.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.transport.wire.ReplayWindow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SrtpContextTest {
    private static final int SSRC = 0x1234_ABCD;

    private static SrtpContext context(SrtpProfile profile) {
        byte[] key = new byte[profile.keyBytes()];
        byte[] salt = new byte[profile.saltBytes()];
        new Random(7).nextBytes(key);
        new Random(8).nextBytes(salt);
        return new SrtpContext(profile, key, salt);
    }

    private static ByteBuffer sealed(SrtpContext sender, int sequence) {
        ByteBuffer packet = Packets.rtp(sequence, SSRC, new byte[] {1, 2, 3, (byte) sequence});
        assertThat(sender.protectRtp(packet)).isTrue();
        return packet;
    }

    @ParameterizedTest
    @EnumSource
    void whatIsProtectedComesOutAsItWas(SrtpProfile profile) {
        SrtpContext sender = context(profile);
        SrtpContext receiver = context(profile);
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            byte[] payload = new byte[random.nextInt(1_200)];
            random.nextBytes(payload);
            ByteBuffer rtp = Packets.rtp(65_400 + i, SSRC, payload);
            byte[] plain = Packets.bytes(rtp);

            assertThat(sender.protectRtp(rtp)).isTrue();
            assertThat(rtp.remaining()).isEqualTo(plain.length + profile.tagBytes());
            assertThat(receiver.unprotectRtp(rtp)).isNull();
            assertThat(Packets.bytes(rtp)).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @EnumSource
    void rtcpComesOutAsItWasAndIsCountedBySource(SrtpProfile profile) {
        SrtpContext sender = context(profile);
        SrtpContext receiver = context(profile);
        for (int i = 0; i < 20; i++) {
            ByteBuffer packet = Packets.rtcp(i % 3);
            byte[] plain = Packets.bytes(packet);

            assertThat(sender.protectRtcp(packet)).isTrue();
            assertThat(packet.remaining()).isEqualTo(plain.length + profile.tagBytes() + 4);
            ByteBuffer replay = Packets.copy(packet);
            assertThat(receiver.unprotectRtcp(packet)).isNull();
            assertThat(Packets.bytes(packet)).isEqualTo(plain);
            assertThat(receiver.unprotectRtcp(replay)).isEqualTo(DropReason.REPLAYED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void worksInDirectBuffersAndAtAnOffset(SrtpProfile profile) {
        SrtpContext sender = context(profile);
        SrtpContext receiver = context(profile);
        ByteBuffer plain = Packets.rtp(9, SSRC, new byte[] {5, 6, 7});
        ByteBuffer direct = ByteBuffer.allocateDirect(100);
        direct.position(11);
        direct.put(plain.duplicate());
        direct.limit(direct.position()).position(11);
        ByteBuffer heap = ByteBuffer.allocate(100).position(5).slice();
        heap.position(3);
        heap.put(plain.duplicate());
        heap.limit(heap.position()).position(3);

        assertThat(sender.protectRtp(direct)).isTrue();
        assertThat(context(profile).protectRtp(heap)).isTrue();

        assertThat(Packets.bytes(direct)).isEqualTo(Packets.bytes(heap));
        assertThat(direct.position()).isEqualTo(11);
        assertThat(receiver.unprotectRtp(direct)).isNull();
        assertThat(context(profile).unprotectRtp(heap)).isNull();
        assertThat(Packets.bytes(direct)).isEqualTo(Packets.bytes(plain));
        assertThat(Packets.bytes(heap)).isEqualTo(Packets.bytes(plain));
    }

    @ParameterizedTest
    @EnumSource
    void aPacketSentAgainIsTheSameToTheBit(SrtpProfile profile) {
        SrtpContext sender = context(profile);

        byte[] first = Packets.bytes(sealed(sender, 77));
        byte[] atOnce = Packets.bytes(sealed(sender, 77));
        byte[] thrice = Packets.bytes(sealed(sender, 77));
        sealed(sender, 78);
        byte[] later = Packets.bytes(sealed(sender, 77));

        assertThat(List.of(atOnce, thrice, later)).allMatch(again -> Arrays.equals(again, first));
    }

    @ParameterizedTest
    @EnumSource
    void aRetransmissionFromBeforeARolloverKeepsItsOldCounter(SrtpProfile profile) {
        SrtpContext sender = context(profile);
        SrtpContext receiver = context(profile);
        assertThat(receiver.unprotectRtp(sealed(sender, 65_534))).isNull();
        sealed(sender, 65_535);
        assertThat(receiver.unprotectRtp(sealed(sender, 0))).isNull();

        assertThat(receiver.unprotectRtp(sealed(sender, 65_535))).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void sequence0and65535and1and65534and99HaveRollovers0and0and1and0and1(SrtpProfile profile) {
        long newest = PacketIndex.UNKNOWN;
        List<Long> rollovers = new ArrayList<>();
        for (int sequence : new int[] {0, 65_535, 1, 65_534, 99}) {
            long index = PacketIndex.guess(newest, sequence);
            rollovers.add(index >> 16);
            newest = Math.max(newest, index);
        }
        assertThat(rollovers).containsExactly(0L, 0L, 1L, 0L, 1L);

        SrtpContext sender = context(profile);
        SrtpContext receiver = context(profile);
        for (int sequence : new int[] {0, 65_535, 1, 65_534, 99}) {
            assertThat(receiver.unprotectRtp(sealed(sender, sequence))).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReceiverThatMissedEverythingBeforeTheFirstRolloverFindsTheCounter(SrtpProfile profile) {
        SrtpContext sender = context(profile);
        SrtpContext receiver = context(profile);
        sealed(sender, 65_534);
        sealed(sender, 65_535);

        assertThat(receiver.unprotectRtp(sealed(sender, 0))).isNull();
        assertThat(receiver.unprotectRtp(sealed(sender, 1))).isNull();
        assertThat(receiver.unprotectRtp(sealed(sender, 65_535))).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void everyPacketIsLetInOnceInWhateverOrder(SrtpProfile profile) {
        SrtpContext sender = context(profile);
        List<ByteBuffer> packets = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            ByteBuffer packet = sealed(sender, 65_436 + i);
            packets.add(packet);
            packets.add(Packets.copy(packet));
        }
        Collections.shuffle(packets.subList(1, packets.size()), new Random(3));
        SrtpContext receiver = context(profile);

        long letIn = packets.stream()
                .filter(packet -> receiver.unprotectRtp(packet) == null)
                .count();

        assertThat(letIn).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void whatFellOutOfTheWindowIsTooOld(SrtpProfile profile) {
        SrtpContext sender = context(profile);
        SrtpContext receiver = context(profile);
        ByteBuffer old = sealed(sender, 0);
        ByteBuffer oldest = sealed(sender, 1);
        assertThat(receiver.unprotectRtp(sealed(sender, ReplayWindow.WINDOW_PACKETS)))
                .isNull();

        assertThat(receiver.unprotectRtp(old)).isEqualTo(DropReason.TOO_OLD);
        assertThat(receiver.unprotectRtp(oldest)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void everyFlippedBitAndEveryTruncationIsRefusedAndChangesNothing(SrtpProfile profile) {
        SrtpContext sender = context(profile);
        SrtpContext receiver = context(profile);
        ByteBuffer rtp = sealed(sender, 5);
        ByteBuffer rtcp = Packets.rtcp(SSRC);
        assertThat(sender.protectRtcp(rtcp)).isTrue();
        for (int bit = 0; bit < 8 * rtp.remaining(); bit++) {
            ByteBuffer flipped = flip(rtp, bit);
            byte[] before = Packets.bytes(flipped);
            assertThat(receiver.unprotectRtp(flipped)).isNotNull();
            assertThat(Packets.bytes(flipped)).isEqualTo(before);
        }
        for (int bit = 0; bit < 8 * rtcp.remaining(); bit++) {
            assertThat(receiver.unprotectRtcp(flip(rtcp, bit))).isNotNull();
        }
        for (int length = 0; length < rtp.remaining(); length++) {
            assertThat(receiver.unprotectRtp(Packets.copy(rtp.slice(0, length))))
                    .isNotNull();
        }
        for (int length = 0; length < rtcp.remaining(); length++) {
            assertThat(receiver.unprotectRtcp(Packets.copy(rtcp.slice(0, length))))
                    .isNotNull();
        }
        assertThat(receiver.unprotectRtp(rtp)).isNull();
        assertThat(receiver.unprotectRtcp(rtcp)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void rtcpShapedGarbageOfEveryLengthIsRefused(SrtpProfile profile) {
        SrtpContext receiver = context(profile);
        for (int length = 3; length <= 64; length++) {
            byte[] bytes = new byte[length];
            bytes[0] = (byte) 0x80;
            bytes[1] = (byte) 0xC9;
            assertThat(receiver.unprotectRtcp(ByteBuffer.wrap(bytes))).isNotNull();
            assertThat(receiver.unprotectRtp(ByteBuffer.wrap(bytes))).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void packetsThatAreNotAuthenticLeaveNothingBehind(SrtpProfile profile) {
        SrtpContext sender = context(profile);
        SrtpContext receiver = context(profile);
        for (int ssrc = 0; ssrc < 2 * SrtpContext.MAX_SOURCES; ssrc++) {
            assertThat(receiver.unprotectRtp(Packets.rtp(1, ssrc, new byte[40])))
                    .isEqualTo(DropReason.NOT_AUTHENTIC);
        }

        assertThat(receiver.unprotectRtp(sealed(sender, 1))).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void oneSourceMoreThanAreKeptIsRefused(SrtpProfile profile) {
        SrtpContext sender = context(profile);
        SrtpContext receiver = context(profile);
        for (int ssrc = 0; ssrc < SrtpContext.MAX_SOURCES; ssrc++) {
            ByteBuffer packet = Packets.rtp(1, ssrc, new byte[4]);
            assertThat(sender.protectRtp(packet)).isTrue();
            assertThat(receiver.unprotectRtp(packet)).isNull();
        }
        assertThat(sender.protectRtp(Packets.rtp(1, -1, new byte[4]))).isFalse();
        ByteBuffer oneMore = Packets.rtp(1, -1, new byte[4]);
        assertThat(context(profile).protectRtp(oneMore)).isTrue();

        assertThat(receiver.unprotectRtp(oneMore)).isEqualTo(DropReason.TOO_MANY_SOURCES);
    }

    @Test
    void aHeaderThatPointsBeyondThePacketIsMalformed() {
        SrtpContext receiver = context(SrtpProfile.AEAD_AES_128_GCM);
        ByteBuffer manySources = Packets.rtp(1, SSRC, new byte[20]);
        manySources.put(0, (byte) 0x8F);
        ByteBuffer longExtension = Packets.rtp(1, SSRC, new byte[] {0, 0, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        longExtension.put(0, (byte) 0x90);

        assertThat(receiver.unprotectRtp(manySources)).isEqualTo(DropReason.MALFORMED);
        assertThat(receiver.unprotectRtp(longExtension)).isEqualTo(DropReason.MALFORMED);
        assertThat(context(SrtpProfile.AEAD_AES_128_GCM).protectRtp(longExtension))
                .isFalse();
    }

    @Test
    void aKeyOfTheWrongLengthIsTheCallersFault() {
        assertThatThrownBy(() -> new SrtpContext(SrtpProfile.AEAD_AES_128_GCM, new byte[16], new byte[14]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SrtpProfile.of(2)).isInstanceOf(IllegalArgumentException.class);
    }

    private static ByteBuffer flip(ByteBuffer packet, int bit) {
        ByteBuffer flipped = Packets.copy(packet);
        flipped.put(bit / 8, (byte) (flipped.get(bit / 8) ^ 1 << bit % 8));
        return flipped;
    }
}
