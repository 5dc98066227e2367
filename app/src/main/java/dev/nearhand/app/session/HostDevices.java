package dev.nearhand.app.session;

import dev.nearhand.capture.codec.EncoderConfig;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.codec.VideoEncoder;
import dev.nearhand.capture.input.InputInjector;
import dev.nearhand.capture.screen.ScreenSource;
import java.util.function.Supplier;

/// Where a host's session gets its devices from. Each is opened by the thread that uses it and closed with the session.
///
/// @param screen may throw `CaptureException`
/// @param encoder may throw `CodecException`
/// @param input may throw `InputException`; the session is view only then
public record HostDevices(Supplier<ScreenSource> screen, Encoders encoder, Supplier<InputInjector> input) {
    /// Where encoders come from.
    @FunctionalInterface
    public interface Encoders {
        /// @throws dev.nearhand.capture.codec.CodecException when this machine has none
        VideoEncoder open(VideoCodec codec, EncoderConfig config);
    }
}
