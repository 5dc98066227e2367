package dev.nearhand.app.connect;

import dev.nearhand.app.session.HostDevices;
import dev.nearhand.capture.ScreenSources;
import dev.nearhand.capture.VideoCodecs;
import dev.nearhand.capture.input.InputException;
import dev.nearhand.capture.screen.CaptureOptions;
import dev.nearhand.capture.screen.CaptureResult;
import dev.nearhand.capture.screen.CaptureTarget;
import dev.nearhand.capture.screen.ScreenCapture;
import dev.nearhand.capture.screen.ScreenFrame;
import dev.nearhand.capture.screen.ScreenSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;

/// A still pattern as screen, and comparing pictures of BGRx pixels.
final class Pictures {
    private Pictures() {}

    /// A screen that shows the pattern, and takes no input.
    static HostDevices patternDevices(int width, int height) {
        return new HostDevices(() -> ScreenSources.pattern(width, height, false), VideoCodecs::openEncoder, () -> {
            throw new InputException("A pattern takes no input.");
        });
    }

    /// What that screen shows.
    static byte[] pattern(int width, int height) {
        try (ScreenSource source = ScreenSources.pattern(width, height, false);
                ScreenCapture capture = source.open(new CaptureTarget.WholeDesktop(), CaptureOptions.defaults())) {
            if (capture.next(Duration.ofSeconds(10)) instanceof CaptureResult.Frame(ScreenFrame frame)) {
                try (frame) {
                    return packed(frame.bgra(), width, height, frame.strideBytes());
                }
            }
            throw new AssertionError("the pattern gives no picture");
        }
    }

    /// From the order of colours that browsers use.
    static byte[] bgra(byte[] rgba) {
        byte[] swapped = rgba.clone();
        for (int i = 0; i + 3 < rgba.length; i += 4) {
            swapped[i] = rgba[i + 2];
            swapped[i + 2] = rgba[i];
        }
        return swapped;
    }

    /// A picture without the gaps between its rows.
    static byte[] packed(MemorySegment bgra, int width, int height, int strideBytes) {
        byte[] rows = new byte[width * height * 4];
        for (int y = 0; y < height; y++) {
            MemorySegment.copy(bgra, ValueLayout.JAVA_BYTE, (long) y * strideBytes, rows, y * width * 4, width * 4);
        }
        return rows;
    }

    /// Peak signal to noise ratio of the brightness, in dB. Colour has a quarter of the samples in 4:2:0, whatever the
    /// encoder does, so thin coloured letters say nothing about it.
    static double lumaPsnr(byte[] a, byte[] b) {
        if (a.length != b.length) {
            return 0;
        }
        double sum = 0;
        for (int i = 0; i < a.length; i += 4) {
            double difference = luma(a, i) - luma(b, i);
            sum += difference * difference;
        }
        return sum == 0 ? 99 : 10 * Math.log10(255.0 * 255.0 * (a.length / 4) / sum);
    }

    /// Rec. 601.
    private static double luma(byte[] bgra, int at) {
        return 0.114 * (bgra[at] & 0xff) + 0.587 * (bgra[at + 1] & 0xff) + 0.299 * (bgra[at + 2] & 0xff);
    }
}
