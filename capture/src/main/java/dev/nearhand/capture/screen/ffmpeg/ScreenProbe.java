package dev.nearhand.capture.screen.ffmpeg;

import static org.bytedeco.ffmpeg.global.avformat.av_find_input_format;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;

import dev.nearhand.capture.screen.CaptureException;
import dev.nearhand.capture.screen.Rect;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.FrameGrabber;

/// Loads FFmpeg's devices and asks one how large its screen is now, without grabbing.
final class ScreenProbe {
    private ScreenProbe() {}

    /// @throws CaptureException when the libraries of the devices do not load
    static void load() {
        try {
            FFmpegFrameGrabber.tryLoad();
            av_log_set_level(AV_LOG_QUIET);
        } catch (FrameGrabber.Exception | LinkageError failure) {
            throw new CaptureException(
                    "FFmpeg's screen grabbers do not load: " + failure.getMessage()
                            + "; on Debian install libxcb-shm0, libasound2 and libpulse0",
                    failure);
        }
    }

    /// The screen at `0,0`; empty when it cannot be opened.
    static Optional<Rect> size(GrabDevice device) {
        AVInputFormat format = av_find_input_format(device.format());
        if (format == null) {
            return Optional.empty();
        }
        AVFormatContext context = new AVFormatContext(null);
        AVDictionary options = new AVDictionary(null);
        device.options().forEach((key, value) -> av_dict_set(options, key, value, 0));
        int error = avformat_open_input(context, device.url(), format, options);
        av_dict_free(options);
        if (error < 0) {
            return Optional.empty();
        }
        try {
            if (context.nb_streams() < 1) {
                return Optional.empty();
            }
            AVCodecParameters parameters = context.streams(0).codecpar();
            return Optional.of(Rect.ofSize(parameters.width(), parameters.height()));
        } finally {
            avformat_close_input(context);
        }
    }
}
