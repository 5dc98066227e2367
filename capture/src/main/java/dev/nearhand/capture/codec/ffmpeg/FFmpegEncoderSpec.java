package dev.nearhand.capture.codec.ffmpeg;

import dev.nearhand.capture.codec.VideoCodec;
import java.util.List;
import java.util.Map;

/// One encoder of FFmpeg as data: what it is called, and the settings that measurements chose for screens.
///
/// @param name for a person
/// @param ffmpegName as `avcodec_find_encoder_by_name` knows it
/// @param options its private options
/// @param finestQuantizer libvpx's `min-q`, 0–63
/// @param coarsestQuantizer libvpx's `max-q`, 0–63
/// @param bufferMillis how much of the target bitrate a burst may use up at once
record FFmpegEncoderSpec(
        String name,
        VideoCodec codec,
        String ffmpegName,
        Map<String, String> options,
        int finestQuantizer,
        int coarsestQuantizer,
        int bufferMillis) {

    /// The best first.
    static final List<FFmpegEncoderSpec> ALL = List.of(new FFmpegEncoderSpec(
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
            1000));

    FFmpegEncoderSpec {
        options = Map.copyOf(options);
    }
}
