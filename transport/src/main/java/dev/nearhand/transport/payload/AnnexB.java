package dev.nearhand.transport.payload;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A byte stream of NAL units with start codes between them (ITU-T H.264 annex B).
final class AnnexB {
    static final byte[] START_CODE = {0, 0, 0, 1};

    /// NAL units of one frame that are looked at; what follows them is left out.
    static final int MAX_NAL_UNITS = 1_024;

    private AnnexB() {}

    /// The NAL units, as views, without start codes and without the zeros behind them; empty ones are left out. What
    /// stands before the first start code is no NAL unit.
    static List<ByteBuffer> nalUnits(ByteBuffer stream) {
        List<ByteBuffer> units = new ArrayList<>();
        int start = -1;
        int at = stream.position();
        while (at + 2 < stream.limit() && units.size() < MAX_NAL_UNITS) {
            int third = stream.get(at + 2);
            if (third == 1 && stream.get(at + 1) == 0 && stream.get(at) == 0) {
                add(units, stream, start, at);
                start = at + 3;
                at = start;
            } else {
                at += third > 1 || third < 0 ? 3 : 1;
            }
        }
        add(units, stream, start, stream.limit());
        return units;
    }

    /// A NAL unit never ends in a zero byte (section 7.4.1): such zeros belong to a start code of four bytes, or fill.
    private static void add(List<ByteBuffer> units, ByteBuffer stream, int start, int end) {
        int last = end;
        while (start >= 0 && last > start && stream.get(last - 1) == 0) {
            last--;
        }
        if (start >= 0 && last > start && units.size() < MAX_NAL_UNITS) {
            units.add(stream.slice(start, last - start));
        }
    }
}
