package dev.nearhand.transport.payload;

import dev.nearhand.transport.wire.ByteReader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What stands before the VP8 data in every RTP payload (RFC 7741 section 4.2).
///
/// @param nonReference the frame can be dropped without harm to others
/// @param partitionStart the payload begins with the first byte of a partition
/// @param partition 0–7
/// @param pictureId 7 or 15 bits, or [#ABSENT]
/// @param tl0PictureIndex 8 bits, or [#ABSENT]
/// @param temporalLayer 0–3, or [#ABSENT]
/// @param layerSync whether the frame refers to the base layer only
/// @param keyIndex 0–31, or [#ABSENT]
/// @param lengthBytes of the descriptor itself
public record Vp8PayloadDescriptor(
        boolean nonReference,
        boolean partitionStart,
        int partition,
        int pictureId,
        int tl0PictureIndex,
        int temporalLayer,
        boolean layerSync,
        int keyIndex,
        int lengthBytes) {
    /// An optional field that the descriptor does not have.
    public static final int ABSENT = -1;

    private static final int X = 0x80;
    private static final int N = 0x20;
    private static final int S = 0x10;
    private static final int I = 0x80;
    private static final int L = 0x40;
    private static final int T = 0x20;
    private static final int K = 0x10;
    private static final int M = 0x80;
    private static final int Y = 0x20;

    /// Reads the head of a payload, or answers null when the payload ends before there is any VP8 data.
    public static @Nullable Vp8PayloadDescriptor parse(ByteBuffer payload) {
        ByteReader in = new ByteReader(payload);
        int first = in.u8();
        int extensions = (first & X) != 0 ? in.u8() : 0;
        int pictureId = (extensions & I) != 0 ? pictureId(in) : ABSENT;
        int tl0PictureIndex = (extensions & L) != 0 ? in.u8() : ABSENT;
        int layers = (extensions & (T | K)) != 0 ? in.u8() : 0;
        if (in.isTruncated() || !in.hasRemaining()) {
            return null;
        }
        boolean hasLayer = (extensions & T) != 0;
        return new Vp8PayloadDescriptor(
                (first & N) != 0,
                (first & S) != 0,
                first & 0x07,
                pictureId,
                tl0PictureIndex,
                hasLayer ? layers >> 6 : ABSENT,
                hasLayer && (layers & Y) != 0,
                (extensions & K) != 0 ? layers & 0x1F : ABSENT,
                in.position());
    }

    private static int pictureId(ByteReader in) {
        int id = in.u8();
        return (id & M) != 0 ? (id & 0x7F) << 8 | in.u8() : id;
    }

    /// Whether a frame begins with this payload.
    public boolean isFrameStart() {
        return partitionStart && partition == 0;
    }
}
