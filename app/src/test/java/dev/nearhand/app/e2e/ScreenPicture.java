package dev.nearhand.app.e2e;

import dev.nearhand.testing.Requires;
import dev.nearhand.testing.Xvfb;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;

/// The pixels of a whole display, read by `xwd`: an outside observer that shares no code with what is tested.
record ScreenPicture(int width, int height, int[] rgb) {
    /// Where a picture stands within a larger one.
    record Place(int x, int y, double psnr) {}

    static ScreenPicture of(Xvfb display) {
        ProcessBuilder builder =
                new ProcessBuilder(Requires.tool("xwd", "x11-apps").toString(), "-root", "-silent");
        builder.environment().put("DISPLAY", display.display());
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            Process xwd = builder.start();
            byte[] dump = xwd.getInputStream().readAllBytes();
            if (!xwd.waitFor(10, TimeUnit.SECONDS) || xwd.exitValue() != 0) {
                throw new IllegalStateException("xwd ended with " + xwd.exitValue());
            }
            return parse(ByteBuffer.wrap(dump).order(ByteOrder.BIG_ENDIAN));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /// XWD files of version 7 (X11/XWDFile.h): a header of its own stated length, a colour map of
    /// 12 bytes an entry, rows.
    private static ScreenPicture parse(ByteBuffer dump) {
        int headerBytes = dump.getInt(0);
        int width = dump.getInt(16);
        int height = dump.getInt(20);
        int bitsPerPixel = dump.getInt(44);
        int rowBytes = dump.getInt(48);
        int colours = dump.getInt(76);
        boolean littleEndian = dump.getInt(28) == 0;
        // 24: xwd packs the pixels when windows of several depths are on the screen
        if (dump.getInt(4) != 7 || bitsPerPixel != 32 && bitsPerPixel != 24) {
            throw new IllegalStateException("not a picture of 24 or 32 bits a pixel: " + bitsPerPixel);
        }
        int pixels = headerBytes + 12 * colours;
        int pixelBytes = bitsPerPixel / 8;
        int[] rgb = new int[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                rgb[y * width + x] = pixel(dump, pixels + y * rowBytes + x * pixelBytes, pixelBytes, littleEndian);
            }
        }
        return new ScreenPicture(width, height, rgb);
    }

    private static int pixel(ByteBuffer dump, int at, int pixelBytes, boolean littleEndian) {
        int value = 0;
        for (int i = 0; i < pixelBytes; i++) {
            int part = dump.get(at + (littleEndian ? pixelBytes - 1 - i : i)) & 0xFF;
            value = value << 8 | part;
        }
        return value & 0xFFFFFF;
    }

    /// Finds where `part` stands in this picture, pixel for pixel, and how alike it is there.
    Place find(ScreenPicture part) {
        int bestX = 0;
        int bestY = 0;
        long best = Long.MAX_VALUE;
        for (int y = 0; y <= height - part.height; y++) {
            for (int x = 0; x <= width - part.width; x++) {
                long error = sampledError(part, x, y, best);
                if (error < best) {
                    best = error;
                    bestX = x;
                    bestY = y;
                }
            }
        }
        return new Place(bestX, bestY, psnr(part, bestX, bestY));
    }

    private long sampledError(ScreenPicture part, int atX, int atY, long limit) {
        long error = 0;
        // steps that share no factor with the pitch of text, so that glyphs are hit all over
        for (int y = 5; y < part.height; y += 13) {
            for (int x = 3; x < part.width; x += 17) {
                error += squaredError(part.rgb[y * part.width + x], rgb[(atY + y) * width + atX + x]);
            }
            if (error >= limit) {
                return error;
            }
        }
        return error;
    }

    /// Peak signal-to-noise ratio over red, green and blue, in decibels; 99 for identical pixels.
    double psnr(ScreenPicture part, int atX, int atY) {
        long error = 0;
        for (int y = 0; y < part.height; y++) {
            for (int x = 0; x < part.width; x++) {
                error += squaredError(part.rgb[y * part.width + x], rgb[(atY + y) * width + atX + x]);
            }
        }
        double mean = error / (3.0 * part.width * part.height);
        return mean == 0 ? 99 : 10 * Math.log10(255.0 * 255.0 / mean);
    }

    private static long squaredError(int a, int b) {
        int red = (a >> 16 & 0xFF) - (b >> 16 & 0xFF);
        int green = (a >> 8 & 0xFF) - (b >> 8 & 0xFF);
        int blue = (a & 0xFF) - (b & 0xFF);
        return (long) red * red + (long) green * green + (long) blue * blue;
    }

    void write(File file) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, width, height, rgb, 0, width);
        try {
            ImageIO.write(image, "png", file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
