package dev.nearhand.transport.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every payload format has to keep.
class PayloadProperties {
    private static List<byte[]> payloads(Codec codec, Random random, boolean keyframe, int maxBytes) {
        return Payloads.cut(
                Packetizer.of(codec, random.nextInt(), false), Payloads.frame(codec, random, keyframe), maxBytes);
    }

    private static Depacketizer.@Nullable Piece inspect(Codec codec, byte[] payload) {
        return Depacketizer.of(codec).inspect(ByteBuffer.wrap(payload));
    }

    @Property(tries = 300)
    void aFrameComesOutOfItsPayloadsAsItWas(
            @ForAll Codec codec,
            @ForAll long seed,
            @ForAll boolean keyframe,
            @ForAll @IntRange(min = 100, max = 1_500) int maxBytes) {
        byte[] frame = Payloads.frame(codec, new Random(seed), keyframe);
        List<byte[]> payloads = Payloads.cut(Packetizer.of(codec, (int) seed, false), frame, maxBytes);
        assertThat(payloads).isNotEmpty().allMatch(payload -> payload.length <= maxBytes);
        assertThat(Payloads.join(codec, payloads)).isEqualTo(frame);
    }

    @Property(tries = 300)
    void onlyTheFirstPayloadCanBeginAFrameAndTellsThatItIsAKeyframe(
            @ForAll Codec codec, @ForAll long seed, @ForAll boolean keyframe) {
        List<byte[]> payloads = payloads(codec, new Random(seed), keyframe, 1_000);
        Depacketizer.Piece first = inspect(codec, payloads.getFirst());
        assertThat(first).isNotNull();
        assertThat(first.keyframe()).isEqualTo(keyframe || codec == Codec.OPUS);
        assertThat(first.start())
                .isIn(
                        keyframe
                                ? List.of(Depacketizer.Start.YES)
                                : List.of(Depacketizer.Start.YES, Depacketizer.Start.WITH_NEW_TIMESTAMP));
        for (byte[] payload : payloads.subList(1, payloads.size())) {
            Depacketizer.Piece piece = inspect(codec, payload);
            assertThat(piece).isNotNull();
            assertThat(piece.start()).isNotEqualTo(Depacketizer.Start.YES);
        }
    }

    @Property(tries = 300)
    void everyTruncationAndBitFlipIsSurvived(
            @ForAll Codec codec, @ForAll long seed, @ForAll @IntRange(min = 20, max = 60) int maxBytes) {
        Random random = new Random(seed);
        byte[] payload = payloads(codec, random, true, codec == Codec.OPUS ? 200 : maxBytes)
                .getFirst();
        for (int length = 0; length < payload.length; length++) {
            survives(codec, java.util.Arrays.copyOf(payload, length));
        }
        for (int bit = 0; bit < 8 * payload.length; bit++) {
            byte[] flipped = payload.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            survives(codec, flipped);
        }
    }

    @Property
    void anyBytesAreSurvived(@ForAll Codec codec, @ForAll @Size(max = 60) byte[] bytes) {
        survives(codec, bytes);
        RedPayload.parse(ByteBuffer.wrap(bytes));
        DependencyDescriptor.parse(ByteBuffer.wrap(bytes));
    }

    private static void survives(Codec codec, byte[] payload) {
        Depacketizer.Piece piece = inspect(codec, payload);
        assertThat(piece == null || piece.descriptorBytes() <= payload.length).isTrue();
        byte[] frame = Payloads.join(codec, List.of(payload));
        assertThat(frame == null || frame.length <= 5 * payload.length + 8).isTrue();
        Payloads.join(codec, List.of(payload, payload));
    }

    @Property(tries = 300)
    void aLostOrRepeatedFragmentIsNeverTakenForTheWholeInH264AndAv1(
            @ForAll long seed, @ForAll boolean h264, @ForAll boolean lost) {
        Codec codec = h264 ? Codec.H264 : Codec.AV1;
        Random random = new Random(seed);
        byte[] frame = Payloads.frame(codec, random, true);
        List<byte[]> payloads =
                new ArrayList<>(Payloads.cut(Packetizer.of(codec, 0, false), frame, 200 + random.nextInt(200)));
        int at = random.nextInt(payloads.size());
        if (lost) {
            payloads.remove(at);
        } else {
            payloads.add(at, payloads.get(at));
        }
        assertThat(Payloads.join(codec, payloads)).isNotEqualTo(frame);
    }

    @Property
    void randomInputsOfAPacketizerAreSurvived(@ForAll Codec codec, @ForAll @Size(min = 1, max = 300) byte[] frame) {
        Packetizer packetizer = Packetizer.of(codec, 0, false);
        boolean begun = packetizer.begin(ByteBuffer.wrap(frame), 100);
        assertThat(packetizer.hasNext()).isEqualTo(begun);
        Payloads.cut(packetizer, frame, 100);
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void anEmptyFrameIsTheCallersFault(Codec codec) {
        assertThatThrownBy(() -> Packetizer.of(codec, 0, false).begin(ByteBuffer.allocate(0), 1_000))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void aPayloadThatWasNotPlannedIsTheCallersFault(Codec codec) {
        assertThatThrownBy(() -> Packetizer.of(codec, 0, false).writeNext(ByteBuffer.allocate(100)))
                .isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void aDepacketizerKnowsItsCodec(Codec codec) {
        assertThat(Depacketizer.of(codec).codec()).isEqualTo(codec);
    }
}
