package dev.nearhand.capture.screen;

import java.util.Arrays;

/// The picture of the cursor.
///
/// @param serial the same picture has the same number as long as its [CursorSource] lives
/// @param width pixels, 1–[#SIZE_LIMIT]
/// @param hotspotX the point that clicks, counted from the left edge of the picture
/// @param bgraPremultiplied rows from the top, 4 bytes a pixel: blue, green, red (each multiplied by alpha), alpha
public record CursorShape(long serial, int width, int height, int hotspotX, int hotspotY, byte[] bgraPremultiplied) {
    /// No side of a cursor is longer, in pixels; a larger one is not drawn by any desktop and not taken from a peer.
    public static final int SIZE_LIMIT = 512;

    public CursorShape {
        if (width < 1 || height < 1 || width > SIZE_LIMIT || height > SIZE_LIMIT) {
            throw new IllegalArgumentException("a cursor of " + width + "x" + height);
        }
        if (bgraPremultiplied.length != width * height * 4) {
            throw new IllegalArgumentException(
                    "a cursor of " + width + "x" + height + " in " + bgraPremultiplied.length + " bytes");
        }
    }

    /// Whether both look alike and point with the same pixel; the serial does not count.
    public boolean looksLike(CursorShape other) {
        return width == other.width
                && height == other.height
                && hotspotX == other.hotspotX
                && hotspotY == other.hotspotY
                && Arrays.equals(bgraPremultiplied, other.bgraPremultiplied);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CursorShape shape && serial == shape.serial && looksLike(shape);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(serial);
    }

    @Override
    public String toString() {
        return "CursorShape[" + serial + ", " + width + "x" + height + "]";
    }
}
