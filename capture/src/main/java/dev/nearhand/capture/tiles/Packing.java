package dev.nearhand.capture.tiles;

import java.util.zip.Deflater;

/// Shortens bytes by DEFLATE (RFC 1951) at its fastest level. One thread.
final class Packing implements AutoCloseable {
    /// What one message holds at most before it is shortened.
    static final int RAW_LIMIT = 1 << 20;

    /// Shorter than this it is not worth it.
    private static final int LEAST = 48;

    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);

    /// Appends the packed bytes to `out`.
    ///
    /// @return whether they are packed; otherwise nothing is appended, because nothing was gained
    boolean pack(byte[] raw, int length, ByteSink out) {
        if (length < LEAST) {
            return false;
        }
        int begin = out.reserve(length);
        deflater.reset();
        deflater.setInput(raw, 0, length);
        deflater.finish();
        int packed = deflater.deflate(out.bytes(), begin, length);
        boolean gained = deflater.finished() && packed < length;
        out.size(begin + (gained ? packed : 0));
        return gained;
    }

    @Override
    public void close() {
        deflater.end();
    }
}
