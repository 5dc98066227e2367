package dev.nearhand.capture.codec.ffmpeg;

import dev.nearhand.capture.codec.CodecException;
import dev.nearhand.capture.codec.EncodedFrame;
import dev.nearhand.capture.codec.EncoderConfig;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.codec.VideoDecoder;
import dev.nearhand.capture.codec.VideoEncoder;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenFrame;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;

/// What FFmpeg can encode and decode on this machine.
public final class FFmpegCodecs {
    private static final int PROBE_WIDTH = 64;
    private static final int PROBE_HEIGHT = 48;

    /// An encoder of the list, tried.
    ///
    /// @param problem empty when it has really encoded a frame, otherwise a sentence
    public record Probe(String name, VideoCodec codec, Optional<String> problem) {
        public boolean works() {
            return problem.isEmpty();
        }
    }

    private FFmpegCodecs() {}

    /// Tries every encoder of the list with a small frame, the best first. Some ten milliseconds, more the first time.
    public static List<Probe> probe() {
        return FFmpegEncoderSpec.ALL.stream().map(FFmpegCodecs::probe).toList();
    }

    private static Probe probe(FFmpegEncoderSpec spec) {
        try (Arena arena = Arena.ofConfined();
                VideoEncoder encoder = new FFmpegVideoEncoder(spec, EncoderConfig.ofSize(PROBE_WIDTH, PROBE_HEIGHT));
                ScreenFrame frame = new ScreenFrame(
                        PROBE_WIDTH,
                        PROBE_HEIGHT,
                        PROBE_WIDTH * ScreenFrame.BYTES_PER_PIXEL,
                        arena.allocate(PROBE_WIDTH * PROBE_HEIGHT * ScreenFrame.BYTES_PER_PIXEL, 64),
                        List.of(Rect.ofSize(PROBE_WIDTH, PROBE_HEIGHT)),
                        0,
                        () -> {})) {
            EncodedFrame encoded = encoder.encode(frame);
            boolean good = encoded.keyframe() && encoded.sizeBytes() > 0;
            return new Probe(
                    spec.name(),
                    spec.codec(),
                    good ? Optional.empty() : Optional.of(spec.name() + " made no key frame"));
        } catch (CodecException failure) {
            return new Probe(spec.name(), spec.codec(), Optional.of(String.valueOf(failure.getMessage())));
        }
    }

    /// The best encoder for `codec` that starts.
    ///
    /// @throws CodecException when none does
    public static VideoEncoder openEncoder(VideoCodec codec, EncoderConfig config) {
        CodecException last = new CodecException("no encoder for " + codec + " is known here");
        for (FFmpegEncoderSpec spec : FFmpegEncoderSpec.ALL) {
            if (spec.codec() == codec) {
                try {
                    return new FFmpegVideoEncoder(spec, config);
                } catch (CodecException failure) {
                    last = failure;
                }
            }
        }
        throw last;
    }

    /// @throws CodecException when this machine has none
    public static VideoDecoder openDecoder(VideoCodec codec) {
        return new FFmpegVideoDecoder(codec);
    }
}
