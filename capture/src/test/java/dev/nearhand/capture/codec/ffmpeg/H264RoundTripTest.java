package dev.nearhand.capture.codec.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// H.264, for servers that take nothing else.
class H264RoundTripTest {
    private static final long INTERVAL_NANOS = 33_333_333L;

    private static DecodedPicture decode(VideoDecoder decoder, EncodedFrame encoded) {
        DecodeResult result = decoder.decode(encoded.data());
        assertThat(result).isInstanceOf(DecodeResult.Picture.class);
        return ((DecodeResult.Picture) result).picture();
    }

    @ParameterizedTest
    @CsvSource({"1280,720,37", "1367,769,37", "641,360,38", "320,241,38", "65,47,33"})
    void aStillPictureSettlesSharpToItsLastRowAndColumn(int width, int height, double decibels) {
        try (Arena arena = Arena.ofConfined();
                ScreenFrame source = Pictures.pattern(arena, width, height, 7, 0);
                VideoEncoder encoder = VideoCodecs.openEncoder(VideoCodec.H264, EncoderConfig.ofSize(width, height));
                VideoDecoder decoder = VideoCodecs.openDecoder(VideoCodec.H264)) {
            EncodedFrame encoded = encoder.encode(source);
            assertThat(encoded.keyframe()).isTrue();
            assertThat(encoded.codec()).isEqualTo(VideoCodec.H264);
            int frames = 1;
            while (!encoded.settled()) {
                decode(decoder, encoded).close();
                encoded = encoder.refine(frames++ * INTERVAL_NANOS).orElseThrow();
            }
            assertThat(frames).isLessThan(FFmpegVideoEncoder.REFINEMENT_LIMIT);
            try (DecodedPicture picture = decode(decoder, encoded)) {
                assertThat(picture.width()).isEqualTo(width + (width & 1));
                assertThat(picture.height()).isEqualTo(height + (height & 1));
                assertThat(Pictures.lumaPsnr(source, picture)).isGreaterThan(decibels);
                assertThat(Pictures.lumaPsnr(source, picture, new Rect(0, height - 1, width, 1)))
                        .as("last row")
                        .isGreaterThan(decibels - 4);
                assertThat(Pictures.lumaPsnr(source, picture, new Rect(width - 1, 0, 1, height)))
                        .as("last column")
                        .isGreaterThan(decibels - 4);
            }
        }
    }

    @Test
    void whatIsDrawnBetweenKeyFramesArrivesAndAKeyFrameComesWhenItIsWanted() {
        int width = 640;
        int height = 360;
        PatternPicture pattern = new PatternPicture(width, height);
        try (Arena arena = Arena.ofConfined();
                VideoEncoder encoder = VideoCodecs.openEncoder(VideoCodec.H264, EncoderConfig.ofSize(width, height));
                VideoDecoder decoder = VideoCodecs.openDecoder(VideoCodec.H264)) {
            MemorySegment pixels = arena.allocate((long) width * height * 4, 64);
            for (int index = 0; index < 30; index++) {
                List<Rect> changed = pattern.draw(index);
                pattern.writeTo(pixels);
                if (index == 20) {
                    encoder.forceKeyframe();
                }
                if (index == 25) {
                    encoder.targetBitrateBps(2_000_000);
                }
                try (ScreenFrame source = Pictures.frame(pixels, width, height, index * INTERVAL_NANOS, changed)) {
                    EncodedFrame encoded = encoder.encode(source);
                    assertThat(encoded.keyframe())
                            .as("frame %d", index)
                            .isEqualTo(index == 0 || index == 20 || index == 25);
                    try (DecodedPicture picture = decode(decoder, encoded)) {
                        assertThat(Pictures.lumaPsnr(source, picture))
                                .as("frame %d", index)
                                .isGreaterThan(26);
                    }
                }
            }
        }
    }
}
