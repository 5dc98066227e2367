package dev.nearhand.capture.codec.ffmpeg;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.capture.VideoCodecs;
import dev.nearhand.capture.codec.DecodeResult;
import dev.nearhand.capture.codec.DecodedPicture;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.codec.VideoDecoder;
import dev.nearhand.capture.codec.av1.Av1SequenceHeader;
import dev.nearhand.capture.screen.ScreenFrame;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Video that other programs send, in the formats that ours does not.
class OtherFormatsTest {
    private static final int WIDTH = 322;
    private static final int HEIGHT = 242;

    @ParameterizedTest
    @EnumSource
    void everyFrameIsAPictureAtOnce(VideoCodec codec) {
        try (Arena arena = Arena.ofConfined();
                OtherEncoder encoder = new OtherEncoder(codec, WIDTH, HEIGHT);
                VideoDecoder decoder = VideoCodecs.openDecoder(codec)) {
            assertThat(decoder.codec()).isEqualTo(codec);
            for (int index = 0; index < 12; index++) {
                try (ScreenFrame source = Pictures.pattern(arena, WIDTH, HEIGHT, index, 0);
                        DecodedPicture picture = picture(decoder.decode(encoder.encode(source)))) {
                    assertThat(picture.width()).isEqualTo(WIDTH);
                    assertThat(picture.height()).isEqualTo(HEIGHT);
                    assertThat(picture.keyframe()).as("picture %d", index).isEqualTo(index == 0);
                    assertThat(Pictures.lumaPsnr(source, picture))
                            .as("picture %d", index)
                            .isGreaterThan(28);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsShownBeforeAKeyFrame(VideoCodec codec) {
        List<ByteBuffer> frames = stream(codec, 3);
        try (VideoDecoder decoder = VideoCodecs.openDecoder(codec)) {
            assertThat(decoder.decode(frames.get(1))).isInstanceOf(DecodeResult.Broken.class);
            assertThat(decoder.decode(frames.get(2))).isInstanceOf(DecodeResult.Broken.class);
            for (ByteBuffer frame : frames) {
                picture(decoder.decode(frame)).close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void damageIsSurvivedAndTheNextKeyFrameRepairsIt(VideoCodec codec) {
        Random random = new Random(45);
        List<ByteBuffer> frames = stream(codec, 5);
        try (VideoDecoder decoder = VideoCodecs.openDecoder(codec)) {
            for (int round = 0; round < 60; round++) {
                for (ByteBuffer frame : frames) {
                    byte[] bytes = frame.array().clone();
                    for (int flip = 0; flip < 1 + round % 5; flip++) {
                        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                    }
                    feed(
                            decoder,
                            ByteBuffer.wrap(bytes, 0, round % 3 == 0 ? random.nextInt(bytes.length) : bytes.length));
                }
            }
            for (int round = 0; round < 2_000; round++) {
                byte[] bytes = new byte[random.nextInt(300)];
                random.nextBytes(bytes);
                feed(decoder, ByteBuffer.wrap(bytes));
            }
            feed(decoder, ByteBuffer.allocate(0));
            feed(decoder, frames.getFirst()); // may end what the damage has begun
            picture(decoder.decode(frames.getFirst())).close();
        }
    }

    /// The expected values are those of BT.601 and BT.709, computed by hand.
    @ParameterizedTest
    @CsvSource({
        "VP9,  false, false,  81,  90, 240, 255,   0,   0",
        "VP9,  true,  false,  63, 102, 240, 255,   0,   0",
        "H264, false, false, 235, 128, 128, 255, 255, 255",
        "H264, false, true,  235, 128, 128, 235, 235, 235",
        "H264, true,  false,  63, 102, 240, 255,   0,   0",
        "AV1,  false, true,   16, 128, 128,  16,  16,  16",
        "AV1,  true,  false,  63, 102, 240, 255,   0,   0",
    })
    void coloursMeanWhatTheFrameSays(
            VideoCodec codec,
            boolean bt709,
            boolean fullRange,
            int luma,
            int blueness,
            int redness,
            int red,
            int green,
            int blue) {
        try (OtherEncoder encoder = new OtherEncoder(codec, 64, 64, bt709, fullRange);
                VideoDecoder decoder = VideoCodecs.openDecoder(codec);
                DecodedPicture picture = picture(decoder.decode(encoder.encode(luma, blueness, redness)))) {
            long middle = 32L * picture.strideBytes() + 32 * 4;
            assertThat(picture.bgra().get(JAVA_BYTE, middle) & 0xff).as("blue").isBetween(blue - 4, blue + 4);
            assertThat(picture.bgra().get(JAVA_BYTE, middle + 1) & 0xff)
                    .as("green")
                    .isBetween(green - 4, green + 4);
            assertThat(picture.bgra().get(JAVA_BYTE, middle + 2) & 0xff)
                    .as("red")
                    .isBetween(red - 4, red + 4);
        }
    }

    @Test
    void anAbsurdSizeOfAv1NeverReachesTheDecoder() {
        // temporal delimiter; a sequence header with the reduced form, sixteen bits a side, all of them set
        byte[] unit = HexFormat.of().parseHex("1200" + "0a07" + "183fffffffffc0");
        try (VideoDecoder decoder = VideoCodecs.openDecoder(VideoCodec.AV1)) {
            assertThat(decoder.decode(ByteBuffer.wrap(unit)))
                    .isEqualTo(new DecodeResult.Broken("a picture of 65536x65536"));
        }
    }

    @Test
    void theSequenceHeaderOfAv1TellsTheSize() {
        List<ByteBuffer> frames = stream(VideoCodec.AV1, 2);
        assertThat(Av1SequenceHeader.find(frames.get(0))).isEqualTo(new Av1SequenceHeader.Found(WIDTH, HEIGHT));
        assertThat(Av1SequenceHeader.find(frames.get(1))).isEqualTo(new Av1SequenceHeader.None());
        Random random = new Random(46);
        for (int length = 0; length < 64; length++) {
            Av1SequenceHeader.find(frames.get(0).slice(0, length)); // never throws
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            Av1SequenceHeader.find(ByteBuffer.wrap(bytes));
        }
    }

    private static DecodedPicture picture(DecodeResult result) {
        assertThat(result).isInstanceOf(DecodeResult.Picture.class);
        return ((DecodeResult.Picture) result).picture();
    }

    private static void feed(VideoDecoder decoder, ByteBuffer bytes) {
        if (decoder.decode(bytes) instanceof DecodeResult.Picture decoded) {
            decoded.picture().close();
        }
    }

    private static List<ByteBuffer> stream(VideoCodec codec, int count) {
        List<ByteBuffer> frames = new ArrayList<>();
        try (Arena arena = Arena.ofConfined();
                OtherEncoder encoder = new OtherEncoder(codec, WIDTH, HEIGHT)) {
            for (int index = 0; index < count; index++) {
                try (ScreenFrame source = Pictures.pattern(arena, WIDTH, HEIGHT, index, 0)) {
                    frames.add(encoder.encode(source));
                }
            }
        }
        return frames;
    }
}
