package dev.nearhand.app.peer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Lines of UTF-8 with a limit: of a longer one only its being too long is kept.
final class LineReader {
    /// @param text without its end; empty when it was too long
    record Line(String text, boolean isTooLong) {}

    private static final int CHUNK_BYTES = 8192;

    private final InputStream in;
    private final int limitBytes;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private int at;
    private int end;

    LineReader(InputStream in, int limitBytes) {
        this.in = in;
        this.limitBytes = limitBytes;
    }

    /// Waits for the next line; null at the end of input. A last line without an end is one too.
    @Nullable
    Line next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean isTooLong = false;
        while (true) {
            if (at == end) {
                at = 0;
                end = Math.max(0, in.read(chunk));
                if (end == 0) {
                    return line.size() == 0 && !isTooLong ? null : line(line, isTooLong);
                }
            }
            int from = at;
            while (at < end && chunk[at] != '\n') {
                at++;
            }
            if (line.size() + at - from > limitBytes) {
                isTooLong = true;
                line.reset();
            }
            if (!isTooLong) {
                line.write(chunk, from, at - from);
            }
            if (at < end) {
                at++;
                return line(line, isTooLong);
            }
        }
    }

    private static Line line(ByteArrayOutputStream bytes, boolean isTooLong) {
        return new Line(bytes.toString(StandardCharsets.UTF_8), isTooLong);
    }
}
