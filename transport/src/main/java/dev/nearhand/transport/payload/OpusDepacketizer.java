package dev.nearhand.transport.payload;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// RFC 7587 section 4.2: each payload is one Opus packet, which a decoder can take without any other.
public final class OpusDepacketizer implements Depacketizer {
    @Override
    public Codec codec() {
        return Codec.OPUS;
    }

    @Override
    public @Nullable Piece inspect(ByteBuffer payload) {
        return payload.hasRemaining() ? new Piece(Start.YES, true, true, 0) : null;
    }
}
