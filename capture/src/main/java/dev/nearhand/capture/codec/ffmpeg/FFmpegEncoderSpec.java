package dev.nearhand.capture.codec.ffmpeg;

import dev.nearhand.capture.codec.EncoderConfig;
import dev.nearhand.capture.codec.VideoCodec;
import java.util.List;
import java.util.Map;

/// One encoder of FFmpeg as data: what it is called, and the settings that measurements chose for screens.
///
/// @param name for a person
/// @param ffmpegName as `avcodec_find_encoder_by_name` knows it
/// @param options its private options
/// @param finestQuantizer `qmin` on the encoder's own scale: libvpx 0–63, H.264 0–51
/// @param coarsestQuantizer `qmax`
/// @param bufferMillis how much of the target bitrate a burst may use up at once
record FFmpegEncoderSpec(
        String name,
        VideoCodec codec,
        String ffmpegName,
        Map<String, String> options,
        int finestQuantizer,
        int coarsestQuantizer,
        int bufferMillis) {

    private static final FFmpegEncoderSpec LIBVPX = new FFmpegEncoderSpec(
            "VP8 (libvpx)",
            VideoCodec.VP8,
            "libvpx",
            Map.ofEntries(
                    Map.entry("deadline", "realtime"),
                    // negative: this speed always; positive would follow the clock
                    Map.entry("cpu-used", "-12"),
                    Map.entry("screen-content-mode", "1"),
                    Map.entry("error-resilient", "0"),
                    Map.entry("lag-in-frames", "0"),
                    Map.entry("auto-alt-ref", "0"),
                    // a macroblock whose squared error is smaller is left alone: 44 dB, and a third less work
                    Map.entry("static-thresh", "600"),
                    Map.entry("drop-threshold", "0"),
                    Map.entry("undershoot-pct", "100"),
                    Map.entry("overshoot-pct", "15")),
            // index 8 of the format: finer costs bits and time in every frame and is not seen
            7,
            56,
            1000);

    /// For servers that take nothing else.
    private static final FFmpegEncoderSpec OPENH264 = new FFmpegEncoderSpec(
            "H.264 (OpenH264)",
            VideoCodec.H264,
            "libopenh264",
            Map.ofEntries(
                    Map.entry("profile", "constrained_baseline"),
                    Map.entry("rc_mode", "bitrate"),
                    Map.entry("allow_skip_frames", "0")),
            // what small text needs to look like its source
            14,
            42,
            1000);

    /// The best first.
    static final List<FFmpegEncoderSpec> ALL = List.of(LIBVPX, OPENH264);

    FFmpegEncoderSpec {
        options = Map.copyOf(options);
    }

    /// Whether a picture of an odd size has to be made even, as OpenH264 wants it.
    boolean evenSidesOnly() {
        return codec == VideoCodec.H264;
    }

    /// The side of the encoded picture for a side of the screen's, pixels.
    int encodedSide(int side) {
        return evenSidesOnly() ? side + (side & 1) : side;
    }

    /// A new rule for one encoder.
    FrameQuality quality(EncoderConfig config) {
        return switch (codec) {
            case VP8 -> new QuantizerCeiling(coarsestQuantizer);
            case VP9, H264, AV1 -> new SkippedRefinement(coarsestQuantizer, config.width(), config.height());
        };
    }
}
