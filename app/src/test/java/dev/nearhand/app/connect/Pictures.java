package dev.nearhand.app.connect;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Compares pictures of BGRx pixels.
final class Pictures {
    private Pictures() {}

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
