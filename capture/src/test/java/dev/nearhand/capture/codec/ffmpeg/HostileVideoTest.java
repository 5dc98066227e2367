package dev.nearhand.capture.codec.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.capture.VideoCodecs;
import dev.nearhand.capture.codec.DecodeResult;
import dev.nearhand.capture.codec.EncodedFrame;
import dev.nearhand.capture.codec.EncoderConfig;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.codec.VideoDecoder;
import dev.nearhand.capture.codec.VideoEncoder;
import dev.nearhand.capture.codec.vp8.Vp8Header;
import dev.nearhand.capture.screen.ScreenFrame;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a peer sends never throws and never crashes the process.
class HostileVideoTest {
    private static final int WIDTH = 160;
    private static final int HEIGHT = 96;

    private final VideoDecoder decoder = VideoCodecs.openDecoder(VideoCodec.VP8);

    @AfterEach
    void close() {
        decoder.close();
    }

    @Test
    void garbageIsBroken() {
        Random random = new Random(42);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            feed(ByteBuffer.wrap(bytes));
        }
        assertThat(decoder.decode(ByteBuffer.allocate(0))).isInstanceOf(DecodeResult.Broken.class);
    }

    @Test
    void garbageBehindARightHeaderIsSurvived() {
        Random random = new Random(43);
        for (int round = 0; round < 500; round++) {
            byte[] bytes = new byte[10 + random.nextInt(2_000)];
            random.nextBytes(bytes);
            int firstPartition = random.nextInt(Math.max(1, bytes.length - 10));
            int tag = 0x10 | firstPartition << 5 | random.nextInt(4) << 1;
            bytes[0] = (byte) tag;
            bytes[1] = (byte) (tag >> 8);
            bytes[2] = (byte) (tag >> 16);
            header(bytes, 1 + random.nextInt(600), 1 + random.nextInt(600));
            feed(ByteBuffer.wrap(bytes));
        }
    }

    @Test
    void truncatedFramesAreSurvived() {
        List<EncodedFrame> frames = stream(3);
        for (EncodedFrame frame : frames) {
            int step = Math.max(1, frame.sizeBytes() / 200);
            for (int length = 0; length < frame.sizeBytes(); length += step) {
                feed(frame.data().slice(0, length));
            }
        }
    }

    @Test
    void flippedBitsAreSurvivedAndTheNextKeyFrameRepairsThem() {
        Random random = new Random(44);
        List<EncodedFrame> frames = stream(6);
        for (int round = 0; round < 300; round++) {
            for (EncodedFrame frame : frames) {
                byte[] bytes = frame.data().array().clone();
                for (int flip = 0; flip < 1 + round % 5; flip++) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
                feed(ByteBuffer.wrap(bytes));
            }
        }
        DecodeResult result = decoder.decode(frames.getFirst().data());
        assertThat(result).isInstanceOf(DecodeResult.Picture.class);
        ((DecodeResult.Picture) result).picture().close();
    }

    @Test
    void aPictureOfAbsurdSizeNeverReachesTheDecoder() {
        byte[] bytes = stream(1).getFirst().data().array().clone();
        header(bytes, 16_383, 16_383);
        assertThat(decoder.decode(ByteBuffer.wrap(bytes)))
                .isEqualTo(new DecodeResult.Broken("a picture of 16383x16383"));
    }

    @Test
    void aFrameThatNeedsAnEarlierOneAsksForAKeyFrame() {
        List<EncodedFrame> frames = stream(2);
        assertThat(decoder.decode(frames.getLast().data())).isInstanceOf(DecodeResult.Broken.class);
    }

    @Test
    void aSizeThatChangesWithAKeyFrameIsDecoded() {
        for (int size = 16; size < 400; size += 37) {
            try (Arena arena = Arena.ofConfined();
                    ScreenFrame source = Pictures.pattern(arena, size, size + 3, 0, 0);
                    VideoEncoder encoder =
                            VideoCodecs.openEncoder(VideoCodec.VP8, EncoderConfig.ofSize(size, size + 3))) {
                DecodeResult result = decoder.decode(encoder.encode(source).data());
                assertThat(result).isInstanceOf(DecodeResult.Picture.class);
                try (var picture = ((DecodeResult.Picture) result).picture()) {
                    assertThat(picture.width()).isEqualTo(size);
                    assertThat(Pictures.lumaPsnr(source, picture)).isGreaterThan(30);
                }
            }
        }
    }

    @Test
    void theHeaderOfOurOwnFramesIsReadRight() {
        for (EncodedFrame frame : stream(4)) {
            Vp8Header header = Vp8Header.peek(frame.data()).orElseThrow();
            assertThat(header.keyframe()).isEqualTo(frame.keyframe());
            assertThat(header.shown()).isTrue();
            assertThat(header.width()).isEqualTo(frame.keyframe() ? WIDTH : 0);
            assertThat(header.quantizer()).isBetween(0, 127);
        }
    }

    @Test
    void threeHundredEncodersAndDecodersLeaveNothingBehind() throws Exception {
        try (Arena arena = Arena.ofConfined();
                ScreenFrame source = Pictures.pattern(arena, 640, 360, 0, 0)) {
            recreate(source, 60);
            long before = residentKilobytes();
            recreate(source, 300);
            // one encoder and decoder of this size hold about 6 MB
            assertThat(residentKilobytes() - before).isLessThan(120_000);
        }
    }

    private static void recreate(ScreenFrame source, int times) {
        for (int round = 0; round < times; round++) {
            try (VideoEncoder encoder = VideoCodecs.openEncoder(
                            VideoCodec.VP8, EncoderConfig.ofSize(source.width(), source.height()));
                    VideoDecoder decoder = VideoCodecs.openDecoder(VideoCodec.VP8)) {
                if (decoder.decode(encoder.encode(source).data()) instanceof DecodeResult.Picture decoded) {
                    decoded.picture().close();
                }
            }
        }
    }

    /// Linux only; elsewhere the test counts nothing.
    private static long residentKilobytes() throws Exception {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    private void feed(ByteBuffer bytes) {
        if (decoder.decode(bytes) instanceof DecodeResult.Picture decoded) {
            decoded.picture().close();
        }
    }

    private static void header(byte[] bytes, int width, int height) {
        bytes[3] = (byte) 0x9d;
        bytes[4] = 0x01;
        bytes[5] = 0x2a;
        bytes[6] = (byte) width;
        bytes[7] = (byte) (width >> 8);
        bytes[8] = (byte) height;
        bytes[9] = (byte) (height >> 8);
    }

    private static List<EncodedFrame> stream(int count) {
        List<EncodedFrame> frames = new ArrayList<>();
        try (Arena arena = Arena.ofConfined();
                VideoEncoder encoder = VideoCodecs.openEncoder(VideoCodec.VP8, EncoderConfig.ofSize(WIDTH, HEIGHT))) {
            for (int index = 0; index < count; index++) {
                try (ScreenFrame source = Pictures.pattern(arena, WIDTH, HEIGHT, index, index * 33_333_333L)) {
                    frames.add(encoder.encode(source));
                }
            }
        }
        return frames;
    }
}
