package dev.nearhand.capture;

import dev.nearhand.capture.codec.EncoderConfig;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.codec.VideoDecoder;
import dev.nearhand.capture.codec.VideoEncoder;
import dev.nearhand.capture.codec.ffmpeg.FFmpegCodecs;
import java.util.List;
import java.util.Optional;

/// The one place to get an encoder or a decoder from.
public final class VideoCodecs {
    /// An encoder that this program knows.
    ///
    /// @param problem empty when it has really encoded a frame on this machine, otherwise a sentence why not
    public record Encoder(String name, VideoCodec codec, Optional<String> problem) {
        public boolean works() {
            return problem.isEmpty();
        }
    }

    private VideoCodecs() {}

    /// All encoders, the best first, each tried by encoding a frame.
    public static List<Encoder> encoders() {
        return FFmpegCodecs.probe().stream()
                .map(probe -> new Encoder(probe.name(), probe.codec(), probe.problem()))
                .toList();
    }

    /// @throws dev.nearhand.capture.codec.CodecException when no encoder for `codec` works here
    public static VideoEncoder openEncoder(VideoCodec codec, EncoderConfig config) {
        return FFmpegCodecs.openEncoder(codec, config);
    }

    /// @throws dev.nearhand.capture.codec.CodecException when no decoder for `codec` works here
    public static VideoDecoder openDecoder(VideoCodec codec) {
        return FFmpegCodecs.openDecoder(codec);
    }
}
