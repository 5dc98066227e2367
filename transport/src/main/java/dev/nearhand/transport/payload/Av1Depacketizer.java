package dev.nearhand.transport.payload;

import dev.nearhand.transport.wire.ByteReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// RTP Payload Format For AV1, section 4: a frame is the temporal unit of one timestamp, in the low-overhead format,
/// each OBU with its size and without a temporal delimiter.
///
/// All layers that come are put together; none is chosen.
public final class Av1Depacketizer implements Depacketizer {
    /// What one payload carries.
    ///
    /// @param continues the first element goes on with the last one of the payload before (Z)
    /// @param unfinished the last element goes on in the next payload (Y)
    /// @param sequenceStart the first payload of a coded video sequence (N)
    private record Elements(boolean continues, boolean unfinished, boolean sequenceStart, List<ByteBuffer> elements) {}

    @Override
    public Codec codec() {
        return Codec.AV1;
    }

    private static @Nullable Elements parse(ByteBuffer payload) {
        ByteReader in = new ByteReader(payload);
        int head = in.u8();
        int count = head >> 4 & 0x03;
        List<ByteBuffer> elements = new ArrayList<>();
        while (in.hasRemaining()) {
            // "the last element MUST NOT be preceded by a length field" when they are counted
            boolean last = count != 0 && elements.size() == count - 1;
            int length = last ? in.remaining() : Leb128.read(in);
            if (length < 0 || length > in.remaining() || elements.size() == Obu.MAX_OBUS) {
                return null;
            }
            elements.add(in.slice(length));
        }
        boolean continues = (head & Av1Packetizer.Z) != 0;
        boolean sequenceStart = (head & Av1Packetizer.N) != 0;
        if (elements.isEmpty() || count != 0 && elements.size() != count || continues && sequenceStart) {
            return null;
        }
        return new Elements(continues, (head & Av1Packetizer.Y) != 0, sequenceStart, elements);
    }

    @Override
    public @Nullable Piece inspect(ByteBuffer payload) {
        Elements parsed = parse(payload);
        if (parsed == null) {
            return null;
        }
        if (parsed.continues()) {
            return new Piece(Start.NO, false, false, 0);
        }
        return parsed.sequenceStart()
                ? new Piece(Start.YES, true, false, 0)
                : new Piece(Start.WITH_NEW_TIMESTAMP, false, false, 0);
    }

    @Override
    public byte @Nullable [] join(List<ByteBuffer> payloads) {
        ByteArrayOutputStream unit = new ByteArrayOutputStream();
        ByteArrayOutputStream pending = new ByteArrayOutputStream();
        boolean unfinished = false;
        for (ByteBuffer payload : payloads) {
            Elements parsed = parse(payload);
            if (parsed == null || parsed.continues() != unfinished) {
                return null;
            }
            int left = parsed.elements().size();
            for (ByteBuffer element : parsed.elements()) {
                left--;
                unfinished = left == 0 && parsed.unfinished();
                while (element.hasRemaining()) {
                    pending.write(element.get());
                }
                if (!unfinished && !write(unit, pending)) {
                    return null;
                }
            }
        }
        return unfinished || unit.size() == 0 ? null : unit.toByteArray();
    }

    private static boolean write(ByteArrayOutputStream unit, ByteArrayOutputStream pending) {
        if (pending.size() == 0) {
            return true; // an element of length 0 is allowed, and nothing
        }
        Obu obu = Obu.read(new ByteReader(ByteBuffer.wrap(pending.toByteArray())));
        pending.reset();
        if (obu == null) {
            return false;
        }
        if (obu.isSent()) {
            byte[] body = new byte[obu.body().remaining()];
            obu.body().get(0, body);
            unit.write(obu.header()[0] | Obu.HAS_SIZE);
            unit.write(obu.header(), 1, obu.header().length - 1);
            unit.writeBytes(Leb128.write(body.length));
            unit.writeBytes(body);
        }
        return true;
    }
}
