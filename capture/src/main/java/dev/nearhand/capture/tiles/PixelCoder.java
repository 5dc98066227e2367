package dev.nearhand.capture.tiles;

import java.util.Arrays;

/// Pixels of a rectangle as bytes that an LZ coder shortens well: one colour, a palette with indices, or differences
/// from the neighbours. Lossless. One thread.
///
/// Pixels are ints `0xRRGGBB`; the highest byte is not looked at when coding and is 255 after decoding.
final class PixelCoder {
    static final int SOLID = 0;
    static final int PALETTE = 1;
    static final int DIFFERENCES = 2;

    static final int COLOUR_LIMIT = 256;
    private static final int SLOTS = 1024;
    private static final int OPAQUE = 0xff00_0000;

    private final int[] slotColour = new int[SLOTS];
    private final short[] slotIndex = new short[SLOTS];
    private final int[] slotTurn = new int[SLOTS];
    private final int[] palette = new int[COLOUR_LIMIT];
    private int turn;
    private int colours;

    /// @param from of the first pixel in `pixels`
    /// @param stride ints from one row to the next
    /// @param width 1–64
    void encode(int[] pixels, int from, int stride, int width, int height, ByteSink out) {
        int start = out.size();
        out.put(PALETTE);
        out.put(0); // how many, known in the end
        int paletteAt = out.size();
        // indices are written behind the largest palette and moved to their place
        int indices = out.reserve(COLOUR_LIMIT * 3 + width * height) + COLOUR_LIMIT * 3;
        if (!index(pixels, from, stride, width, height, out.bytes(), indices)) {
            out.size(start);
            out.put(DIFFERENCES);
            differences(pixels, from, stride, width, height, out);
            return;
        }
        if (colours == 1) {
            out.size(start);
            out.put(SOLID);
            out.putColour(palette[0]);
            return;
        }
        byte[] bytes = out.bytes();
        bytes[paletteAt - 1] = (byte) (colours - 1);
        for (int i = 0; i < colours; i++) {
            bytes[paletteAt + 3 * i] = (byte) (palette[i] >> 16);
            bytes[paletteAt + 3 * i + 1] = (byte) (palette[i] >> 8);
            bytes[paletteAt + 3 * i + 2] = (byte) palette[i];
        }
        int packed = pack(bytes, indices, width, height, bits(colours), paletteAt + 3 * colours);
        out.size(packed);
    }

    /// Whether there are few enough colours; their indices are written, a byte each.
    private boolean index(int[] pixels, int from, int stride, int width, int height, byte[] out, int at) {
        turn++;
        colours = 0;
        int last = -1;
        byte lastIndex = 0;
        int to = at;
        for (int y = 0; y < height; y++) {
            int row = from + y * stride;
            for (int x = 0; x < width; x++) {
                int colour = pixels[row + x] & 0xff_ffff;
                if (colour != last) {
                    int index = indexOf(colour);
                    if (index < 0) {
                        return false;
                    }
                    last = colour;
                    lastIndex = (byte) index;
                }
                out[to++] = lastIndex;
            }
        }
        return true;
    }

    private int indexOf(int colour) {
        int slot = (colour * 0x9e37_79b1) >>> 22;
        while (slotTurn[slot] == turn) {
            if (slotColour[slot] == colour) {
                return slotIndex[slot];
            }
            slot = slot + 1 & SLOTS - 1;
        }
        if (colours == COLOUR_LIMIT) {
            return -1;
        }
        slotTurn[slot] = turn;
        slotColour[slot] = colour;
        slotIndex[slot] = (short) colours;
        palette[colours] = colour;
        return colours++;
    }

    /// So many bits has an index; each row begins with a byte of its own.
    static int bits(int colours) {
        return colours <= 2 ? 1 : colours <= 4 ? 2 : colours <= 16 ? 4 : 8;
    }

    private static int pack(byte[] bytes, int indices, int width, int height, int bits, int target) {
        if (bits == 8) {
            System.arraycopy(bytes, indices, bytes, target, width * height);
            return target + width * height;
        }
        int from = indices;
        int to = target;
        for (int y = 0; y < height; y++) {
            int pending = 0;
            int filled = 0;
            for (int x = 0; x < width; x++) {
                pending = pending << bits | bytes[from++];
                filled += bits;
                if (filled == 8) {
                    bytes[to++] = (byte) pending;
                    pending = 0;
                    filled = 0;
                }
            }
            if (filled > 0) {
                bytes[to++] = (byte) (pending << 8 - filled);
            }
        }
        return to;
    }

    /// Green, red less green, blue less green, one plane after the other, each less what its neighbours predict.
    private static void differences(int[] pixels, int from, int stride, int width, int height, ByteSink out) {
        int area = width * height;
        int green = out.reserve(3 * area);
        byte[] bytes = out.bytes();
        for (int y = 0; y < height; y++) {
            int row = from + y * stride;
            int to = green + y * width;
            for (int x = 0; x < width; x++) {
                int pixel = pixels[row + x];
                int g = pixel >> 8;
                bytes[to + x] = (byte) g;
                bytes[to + area + x] = (byte) ((pixel >> 16) - g);
                bytes[to + 2 * area + x] = (byte) (pixel - g);
            }
        }
        for (int plane = 0; plane < 3; plane++) {
            predict(bytes, green + plane * area, width, height);
        }
    }

    /// From the last to the first, so that each still sees its neighbours as they are.
    private static void predict(byte[] bytes, int at, int width, int height) {
        for (int y = height - 1; y >= 0; y--) {
            int row = at + y * width;
            for (int x = width - 1; x >= 0; x--) {
                bytes[row + x] -= (byte) prediction(bytes, row + x, x, y, width);
            }
        }
    }

    private static void restore(byte[] bytes, int at, int width, int height) {
        for (int y = 0; y < height; y++) {
            int row = at + y * width;
            for (int x = 0; x < width; x++) {
                bytes[row + x] += (byte) prediction(bytes, row + x, x, y, width);
            }
        }
    }

    /// The median of left, above and left plus above less above left (LOCO-I).
    private static int prediction(byte[] bytes, int at, int x, int y, int width) {
        if (y == 0) {
            return x == 0 ? 0 : bytes[at - 1] & 0xff;
        }
        int above = bytes[at - width] & 0xff;
        if (x == 0) {
            return above;
        }
        int left = bytes[at - 1] & 0xff;
        int corner = bytes[at - width - 1] & 0xff;
        int low = Math.min(left, above);
        int high = Math.max(left, above);
        return corner >= high ? low : corner <= low ? high : left + above - corner;
    }

    /// Reads what [#encode] wrote; every bit pattern either gives pixels or is refused.
    ///
    /// @param to of the first pixel in `pixels`
    /// @throws MalformedTilesException when it is something else; some pixels may have been written then
    void decode(ByteSource in, int[] pixels, int to, int stride, int width, int height) throws MalformedTilesException {
        switch (in.take()) {
            case SOLID -> {
                int colour = in.takeColour() | OPAQUE;
                for (int y = 0; y < height; y++) {
                    int row = to + y * stride;
                    Arrays.fill(pixels, row, row + width, colour);
                }
            }
            case PALETTE -> decodePalette(in, pixels, to, stride, width, height);
            case DIFFERENCES -> decodeDifferences(in, pixels, to, stride, width, height);
            default -> throw new MalformedTilesException("an unknown coding");
        }
    }

    private void decodePalette(ByteSource in, int[] pixels, int to, int stride, int width, int height)
            throws MalformedTilesException {
        int count = in.take() + 1;
        for (int i = 0; i < count; i++) {
            palette[i] = in.takeColour() | OPAQUE;
        }
        int bits = bits(count);
        int mask = (1 << bits) - 1;
        int rowBytes = (width * bits + 7) / 8;
        int from = in.skip(rowBytes * height);
        byte[] bytes = in.bytes();
        for (int y = 0; y < height; y++) {
            int row = to + y * stride;
            for (int x = 0; x < width; x++) {
                int bit = x * bits;
                int index = bytes[from + (bit >> 3)] >> 8 - bits - (bit & 7) & mask;
                if (index >= count) {
                    throw new MalformedTilesException("a colour that is not in the palette");
                }
                pixels[row + x] = palette[index];
            }
            from += rowBytes;
        }
    }

    private static void decodeDifferences(ByteSource in, int[] pixels, int to, int stride, int width, int height)
            throws MalformedTilesException {
        int area = width * height;
        int from = in.skip(3 * area);
        byte[] bytes = Arrays.copyOfRange(in.bytes(), from, from + 3 * area);
        for (int plane = 0; plane < 3; plane++) {
            restore(bytes, plane * area, width, height);
        }
        for (int y = 0; y < height; y++) {
            int row = to + y * stride;
            for (int x = 0; x < width; x++) {
                int at = y * width + x;
                int g = bytes[at] & 0xff;
                int r = bytes[at + area] + g & 0xff;
                int b = bytes[at + 2 * area] + g & 0xff;
                pixels[row + x] = OPAQUE | r << 16 | g << 8 | b;
            }
        }
    }
}
