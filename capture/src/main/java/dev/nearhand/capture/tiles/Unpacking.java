package dev.nearhand.capture.tiles;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Undoes [Packing], never to more bytes than were announced, and never to more than [Packing#RAW_LIMIT]. One thread.
public final class Unpacking implements AutoCloseable {
    private final Inflater inflater = new Inflater(true);

    /// @param rawLength as announced; 0 when the bytes were not packed
    byte[] unpack(ByteBuffer packed, int rawLength) throws MalformedTilesException {
        byte[] bytes = new byte[packed.remaining()];
        packed.get(bytes);
        if (rawLength == 0) {
            return bytes;
        }
        if (rawLength < 0 || rawLength > Packing.RAW_LIMIT) {
            throw new MalformedTilesException("too long");
        }
        byte[] raw = new byte[rawLength];
        try {
            inflater.reset();
            inflater.setInput(bytes);
            int got = 0;
            while (got < rawLength) {
                int more = inflater.inflate(raw, got, rawLength - got);
                if (more == 0) {
                    break;
                }
                got += more;
            }
            if (got < rawLength || inflater.getRemaining() > 0 || !finished()) {
                throw new MalformedTilesException("not as long as it says");
            }
        } catch (DataFormatException bad) {
            throw new MalformedTilesException("not packed");
        }
        return raw;
    }

    /// The end may still have to be read when all bytes are there.
    private boolean finished() throws DataFormatException {
        return inflater.finished() || inflater.inflate(new byte[1]) == 0 && inflater.finished();
    }

    @Override
    public void close() {
        inflater.end();
    }
}
