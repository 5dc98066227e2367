package dev.nearhand.app.local;

import dev.nearhand.app.session.HostDevices;
import dev.nearhand.capture.InputInjectors;
import dev.nearhand.capture.ScreenSources;
import dev.nearhand.capture.VideoCodecs;
import dev.nearhand.capture.codec.CodecException;
import dev.nearhand.capture.codec.EncoderConfig;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.codec.VideoDecoder;
import dev.nearhand.capture.input.InputException;
import dev.nearhand.capture.screen.Monitor;
import dev.nearhand.capture.screen.ScreenSource;
import java.util.List;

/// The devices of this machine, as a session takes them.
public final class LocalMachine {
    private LocalMachine() {}

    /// Opens the screen once, to see that it is there.
    ///
    /// @throws dev.nearhand.capture.screen.CaptureException when this machine has no such screen, and what to try
    public static HostDevices devices(ScreenChoice choice) {
        try (ScreenSource present = screen(choice)) {
            present.monitors();
        }
        warmUpCodecs();
        return new HostDevices(() -> screen(choice), VideoCodecs::openEncoder, () -> {
            if (choice.kind() == ScreenChoice.Kind.PATTERN) {
                // the pointer of this machine has nothing to do with the pattern
                throw new InputException("The test pattern can only be viewed.");
            }
            return InputInjectors.open(choice.display());
        });
    }

    /// Loads the codecs in the background, which takes a second that nobody should wait for later.
    public static void warmUpCodecs() {
        Thread.ofPlatform().daemon().name("nearhand-warm-up").start(() -> {
            try {
                VideoCodecs.openEncoder(VideoCodec.VP8, EncoderConfig.ofSize(16, 16))
                        .close();
            } catch (CodecException | LinkageError _) {
                // whoever needs it will be told
            }
        });
    }

    /// The monitors of the chosen screen, the primary one first.
    ///
    /// @throws dev.nearhand.capture.screen.CaptureException when this machine has no screen of that kind
    public static List<Monitor> monitors(ScreenChoice choice) {
        try (ScreenSource source = screen(choice)) {
            return source.monitors();
        }
    }

    /// @throws dev.nearhand.capture.codec.CodecException when that cannot be decoded here
    public static VideoDecoder decoder(VideoCodec codec) {
        return VideoCodecs.openDecoder(codec);
    }

    /// Whether there is a display to open windows on.
    public static boolean hasDisplay() {
        return ScreenSources.displayExpected("");
    }

    private static ScreenSource screen(ScreenChoice choice) {
        return switch (choice.kind()) {
            case AUTO -> ScreenSources.open(ScreenSources.Kind.AUTO, choice.display());
            case X11 -> ScreenSources.open(ScreenSources.Kind.X11, choice.display());
            case FFMPEG -> ScreenSources.open(ScreenSources.Kind.FFMPEG, choice.display());
            case PATTERN -> ScreenSources.pattern(choice.width(), choice.height(), true);
        };
    }
}
