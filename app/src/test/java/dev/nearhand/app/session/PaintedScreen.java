package dev.nearhand.app.session;

import dev.nearhand.capture.codec.DecodeResult;
import dev.nearhand.capture.codec.DecodedPicture;
import dev.nearhand.capture.codec.EncodedFrame;
import dev.nearhand.capture.codec.EncoderConfig;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.codec.VideoDecoder;
import dev.nearhand.capture.codec.VideoEncoder;
import dev.nearhand.capture.screen.CaptureResult;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenFrame;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// A screen with real pixels on a [FakeScreen], and a codec that loses the lowest bit of every colour. One thread
/// draws.
final class PaintedScreen {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    final FakeScreen machine = new FakeScreen();
    int width;
    int height;
    private int[] pixels = new int[0];

    PaintedScreen(int width, int height) {
        resize(width, height);
    }

    void resize(int newWidth, int newHeight) {
        width = newWidth;
        height = newHeight;
        pixels = new int[width * height];
        machine.bounds = new Rect(0, 0, width, height);
    }

    HostDevices devices() {
        HostDevices devices = machine.devices();
        return new HostDevices(devices.screen(), (_, config) -> new Lossy(config), devices.input());
    }

    void paint(Rect part, RandomGenerator random, int colours) {
        for (int y = part.y(); y < part.bottom(); y++) {
            for (int x = part.x(); x < part.right(); x++) {
                pixels[y * width + x] = random.nextInt(colours) * 0x01_0305 & 0xff_ffff;
            }
        }
        drawn(part);
    }

    /// What is in `part` goes up by so many rows; new ones are painted below.
    void scroll(Rect part, int rows, RandomGenerator random, int colours) {
        for (int y = part.y(); y < part.bottom() - rows; y++) {
            System.arraycopy(pixels, (y + rows) * width + part.x(), pixels, y * width + part.x(), part.width());
        }
        for (int y = part.bottom() - rows; y < part.bottom(); y++) {
            for (int x = part.x(); x < part.right(); x++) {
                pixels[y * width + x] = random.nextInt(colours) * 0x01_0305 & 0xff_ffff;
            }
        }
        drawn(part);
    }

    private void drawn(Rect part) {
        MemorySegment copy = MemorySegment.ofArray(new byte[pixels.length * 4]);
        MemorySegment.copy(pixels, 0, copy, INT, 0, pixels.length);
        machine.results.add(new CaptureResult.Frame(
                new ScreenFrame(width, height, width * 4, copy, List.of(part), System.nanoTime(), () -> {})));
    }

    int[] pixels() {
        return pixels.clone();
    }

    /// What a picture shows, without the byte that is no colour.
    static int[] of(DecodedPicture picture) {
        int[] shown = new int[picture.width() * picture.height()];
        MemorySegment.copy(picture.bgra(), INT, 0, shown, 0, shown.length);
        for (int i = 0; i < shown.length; i++) {
            shown[i] &= 0xff_ffff;
        }
        return shown;
    }

    private final class Lossy implements VideoEncoder {
        private final EncoderConfig config;
        private final int[] canvas;
        private boolean keyframe = true;
        private int refined;

        Lossy(EncoderConfig config) {
            this.config = config;
            canvas = new int[config.width() * config.height()];
            machine.encoders.add(config);
        }

        @Override
        public String name() {
            return "lossy";
        }

        @Override
        public VideoCodec codec() {
            return VideoCodec.VP8;
        }

        @Override
        public EncoderConfig config() {
            return config;
        }

        @Override
        public EncodedFrame encode(ScreenFrame frame) {
            refined = 0;
            for (Rect part : frame.changed()) {
                for (int y = part.y(); y < part.bottom(); y++) {
                    int at = y * frame.width() + part.x();
                    MemorySegment.copy(frame.bgra(), INT, at * 4L, canvas, at, part.width());
                }
            }
            return next(frame.captureNanos());
        }

        @Override
        public Optional<EncodedFrame> refine(long captureNanos) {
            refined++;
            return Optional.of(next(captureNanos));
        }

        private EncodedFrame next(long captureNanos) {
            ByteBuffer data = ByteBuffer.allocate(9 + canvas.length * 4);
            data.put((byte) (keyframe ? 0 : 1)).putInt(config.width()).putInt(config.height());
            for (int pixel : canvas) {
                data.putInt(pixel & 0xfe_fefe);
            }
            EncodedFrame frame = new EncodedFrame(
                    VideoCodec.VP8,
                    data.flip(),
                    keyframe,
                    captureNanos,
                    config.width(),
                    config.height(),
                    0,
                    refined >= FakeScreen.REFINEMENTS);
            keyframe = false;
            machine.encoded.add(frame);
            return frame;
        }

        @Override
        public void targetBitrateBps(int bitsPerSecond) {}

        @Override
        public void forceKeyframe() {
            keyframe = true;
        }

        @Override
        public void close() {}
    }

    static VideoDecoder decoder(VideoCodec codec) {
        return new VideoDecoder() {
            @Override
            public String name() {
                return "lossy";
            }

            @Override
            public VideoCodec codec() {
                return codec;
            }

            @Override
            public DecodeResult decode(ByteBuffer encoded) {
                ByteBuffer in = encoded.duplicate();
                in.get();
                int width = in.getInt();
                int height = in.getInt();
                if (in.remaining() != width * height * 4) {
                    return new DecodeResult.Broken("more or less than a picture");
                }
                MemorySegment bgra = MemorySegment.ofArray(new byte[width * height * 4]);
                for (int i = 0; i < width * height; i++) {
                    bgra.set(INT, i * 4L, in.getInt());
                }
                return new DecodeResult.Picture(new DecodedPicture(width, height, width * 4, false, bgra, () -> {}));
            }

            @Override
            public void close() {}
        };
    }
}
