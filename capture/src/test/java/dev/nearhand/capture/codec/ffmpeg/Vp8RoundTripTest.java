package dev.nearhand.capture.codec.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.capture.VideoCodecs;
import dev.nearhand.capture.codec.DecodeResult;
import dev.nearhand.capture.codec.DecodedPicture;
import dev.nearhand.capture.codec.EncodedFrame;
import dev.nearhand.capture.codec.EncoderConfig;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.codec.VideoDecoder;
import dev.nearhand.capture.codec.VideoEncoder;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenFrame;
import dev.nearhand.capture.screen.pattern.PatternPicture;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Vp8RoundTripTest {
    private static final long INTERVAL_NANOS = 33_333_333L;
    private static final int REFINEMENTS_OF_TWO_SECONDS = 60;

    @ParameterizedTest
    @CsvSource({"1280,720,38", "1367,769,38", "1920,1080,38", "16,16,34", "2,2,34", "1,1,34", "1,40,34", "33,1,34"})
    void aStillPictureIsSharpWithinTwoSeconds(int width, int height, double decibels) {
        try (Arena arena = Arena.ofConfined();
                ScreenFrame source = Pictures.pattern(arena, width, height, 7, 0);
                VideoEncoder encoder = encoder(EncoderConfig.ofSize(width, height));
                VideoDecoder decoder = VideoCodecs.openDecoder(VideoCodec.VP8)) {
            EncodedFrame encoded = encoder.encode(source);
            assertThat(encoded.keyframe()).isTrue();
            int frames = 1;
            while (!encoded.settled()) {
                decode(decoder, encoded).close();
                encoded = encoder.refine(frames++ * INTERVAL_NANOS).orElseThrow();
            }
            assertThat(frames).isLessThanOrEqualTo(REFINEMENTS_OF_TWO_SECONDS);
            try (DecodedPicture picture = decode(decoder, encoded)) {
                assertThat(picture.width()).isEqualTo(width);
                assertThat(picture.height()).isEqualTo(height);
                assertThat(Pictures.lumaPsnr(source, picture)).isGreaterThan(decibels);
                assertThat(Pictures.lumaPsnr(source, picture, new Rect(0, height - 1, width, 1)))
                        .as("last row")
                        .isGreaterThan(34);
                assertThat(Pictures.lumaPsnr(source, picture, new Rect(width - 1, 0, 1, height)))
                        .as("last column")
                        .isGreaterThan(34);
            }
        }
    }

    @Test
    void whatIsDrawnBetweenKeyFramesArrivesToo() {
        int width = 1367;
        int height = 769;
        PatternPicture pattern = new PatternPicture(width, height);
        try (Arena arena = Arena.ofConfined();
                VideoEncoder encoder = encoder(EncoderConfig.ofSize(width, height));
                VideoDecoder decoder = VideoCodecs.openDecoder(VideoCodec.VP8)) {
            MemorySegment pixels = arena.allocate((long) width * height * 4, 64);
            for (int index = 0; index < 40; index++) {
                List<Rect> changed = pattern.draw(index);
                pattern.writeTo(pixels);
                try (ScreenFrame source = Pictures.frame(pixels, width, height, index * INTERVAL_NANOS, changed)) {
                    EncodedFrame encoded = encoder.encode(source);
                    assertThat(encoded.keyframe()).isEqualTo(index == 0);
                    try (DecodedPicture picture = decode(decoder, encoded)) {
                        for (Rect rect : changed) {
                            assertThat(Pictures.lumaPsnr(source, picture, rect))
                                    .as("picture %d at %s", index, rect)
                                    .isGreaterThan(24);
                        }
                        if (index == 39) {
                            assertThat(Pictures.lumaPsnr(source, picture)).isGreaterThan(36);
                        }
                    }
                }
            }
        }
    }

    @Test
    void aTypedLetterIsNoCoarserThanWhatIsAroundIt() {
        int width = 1920;
        int height = 1080;
        try (Arena arena = Arena.ofConfined();
                ScreenFrame source = Pictures.pattern(arena, width, height, 0, 0);
                VideoEncoder encoder = encoder(EncoderConfig.ofSize(width, height))) {
            EncodedFrame keyframe = encoder.encode(source);
            Rect letter = new Rect(300, 300, 9, 16);
            for (int row = letter.y(); row < letter.bottom(); row++) {
                source.bgra()
                        .asSlice(row * width * 4L + letter.x() * 4L, letter.width() * 4L)
                        .fill((byte) 0);
            }
            try (ScreenFrame typed = Pictures.frame(source.bgra(), width, height, INTERVAL_NANOS, List.of(letter))) {
                assertThat(encoder.encode(typed).quantizer()).isLessThanOrEqualTo(keyframe.quantizer());
            }
        }
    }

    @Test
    void aKeyFrameComesWhenAskedForAndOnlyThen() {
        try (Arena arena = Arena.ofConfined();
                VideoEncoder encoder = encoder(EncoderConfig.ofSize(320, 240));
                ScreenFrame first = Pictures.pattern(arena, 320, 240, 0, 0);
                ScreenFrame second = Pictures.pattern(arena, 320, 240, 1, INTERVAL_NANOS)) {
            List<Boolean> keyframes = new ArrayList<>();
            keyframes.add(encoder.encode(first).keyframe());
            keyframes.add(encoder.encode(second).keyframe());
            encoder.forceKeyframe();
            keyframes.add(encoder.refine(2 * INTERVAL_NANOS).orElseThrow().keyframe());
            keyframes.add(encoder.encode(first).keyframe());
            assertThat(keyframes).containsExactly(true, false, true, false);
        }
    }

    @Test
    void nothingIsRefinedBeforeTheFirstPicture() {
        try (VideoEncoder encoder = encoder(EncoderConfig.ofSize(64, 64))) {
            assertThat(encoder.refine(0)).isEqualTo(Optional.empty());
        }
    }

    @Test
    void aNewBitrateIsObeyedWithoutAKeyFrame() {
        try (VideoEncoder encoder = encoder(EncoderConfig.ofSize(1280, 720).withTargetBitrateBps(8_000_000))) {
            double high = kilobitsPerSecond(encoder, 0, true);
            encoder.targetBitrateBps(1_000_000);
            kilobitsPerSecond(encoder, 60, false); // the transition
            double low = kilobitsPerSecond(encoder, 120, false);
            encoder.targetBitrateBps(4_000_000);
            kilobitsPerSecond(encoder, 180, false);
            double middle = kilobitsPerSecond(encoder, 240, false);
            assertThat(high).isBetween(4_000.0, 12_000.0);
            assertThat(low).isBetween(400.0, 1_500.0);
            assertThat(middle).isBetween(2_000.0, 6_000.0);
        }
    }

    /// Encodes 60 pictures of noise that moves, which no encoder gets small.
    private static double kilobitsPerSecond(VideoEncoder encoder, int start, boolean keyframeAllowed) {
        int width = encoder.config().width();
        int height = encoder.config().height();
        long bytes = 0;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pixels = arena.allocate((long) width * height * 4, 64);
            for (int index = start; index < start + 60; index++) {
                MovingNoise.draw(pixels, width, height, index);
                List<Rect> whole = List.of(Rect.ofSize(width, height));
                try (ScreenFrame frame = Pictures.frame(pixels, width, height, index * INTERVAL_NANOS, whole)) {
                    EncodedFrame encoded = encoder.encode(frame);
                    assertThat(encoded.keyframe()).isEqualTo(keyframeAllowed && index == 0);
                    bytes += encoded.keyframe() ? 0 : encoded.sizeBytes();
                }
            }
        }
        return bytes * 8 / 1000.0 / 2;
    }

    @Test
    void aFrameOfAnotherSizeIsRefused() {
        try (Arena arena = Arena.ofConfined();
                VideoEncoder encoder = encoder(EncoderConfig.ofSize(64, 64));
                ScreenFrame other = Pictures.pattern(arena, 66, 64, 0, 0)) {
            assertThatThrownBy(() -> encoder.encode(other)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void closingTwiceIsHarmlessAndUsingAClosedOneIsNot() {
        VideoEncoder encoder = encoder(EncoderConfig.ofSize(64, 64));
        encoder.close();
        encoder.close();
        assertThatThrownBy(() -> encoder.refine(0)).isInstanceOf(IllegalStateException.class);
        VideoDecoder decoder = VideoCodecs.openDecoder(VideoCodec.VP8);
        decoder.close();
        decoder.close();
    }

    @Test
    void everyEncoderOfTheListSaysWhetherItWorks() {
        assertThat(VideoCodecs.encoders())
                .anySatisfy(encoder -> assertThat(encoder.works()).isTrue());
    }

    @Test
    void picturesOutliveTheirDecoder() {
        try (Arena arena = Arena.ofConfined();
                ScreenFrame source = Pictures.pattern(arena, 320, 240, 0, 0);
                VideoEncoder encoder = encoder(EncoderConfig.ofSize(320, 240))) {
            VideoDecoder decoder = VideoCodecs.openDecoder(VideoCodec.VP8);
            DecodedPicture picture = decode(decoder, encoder.encode(source));
            decoder.close();
            assertThat(Pictures.lumaPsnr(source, picture)).isGreaterThan(30);
            picture.close();
            assertThatThrownBy(picture::bgra).isInstanceOf(IllegalStateException.class);
        }
    }

    private static VideoEncoder encoder(EncoderConfig config) {
        return VideoCodecs.openEncoder(VideoCodec.VP8, config);
    }

    private static DecodedPicture decode(VideoDecoder decoder, EncodedFrame frame) {
        DecodeResult result = decoder.decode(frame.data());
        assertThat(result).isInstanceOf(DecodeResult.Picture.class);
        return ((DecodeResult.Picture) result).picture();
    }
}
