package dev.nearhand.transport.payload;

import dev.nearhand.transport.wire.ByteReader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What stands before the VP9 data in every RTP payload (RFC 9628 section 4.2).
///
/// @param pictureId 7 or 15 bits, or [#ABSENT]
/// @param interPicture the frame refers to a picture before it (P)
/// @param flexible references are named in each packet (F), and not by a structure told before
/// @param frameStart the payload begins with the first byte of a layer's frame (B)
/// @param frameEnd it ends with the last one (E)
/// @param temporalLayer 0–7, or [#ABSENT]
/// @param spatialLayer 0–7, or [#ABSENT]
/// @param interLayer the frame refers to the spatial layer below it in the same picture (D)
/// @param tl0PictureIndex 8 bits, or [#ABSENT]
/// @param references how many reference indices follow, 0–3
/// @param lengthBytes of the descriptor itself, the scalability structure included
public record Vp9PayloadDescriptor(
        int pictureId,
        boolean interPicture,
        boolean flexible,
        boolean frameStart,
        boolean frameEnd,
        int temporalLayer,
        int spatialLayer,
        boolean interLayer,
        int tl0PictureIndex,
        int references,
        int lengthBytes) {
    /// An optional field that the descriptor does not have.
    public static final int ABSENT = -1;

    static final int I = 0x80;
    static final int P = 0x40;
    static final int L = 0x20;
    static final int F = 0x10;
    static final int B = 0x08;
    static final int E = 0x04;
    static final int V = 0x02;

    private static final int MAX_REFERENCES = 3;

    /// Reads the head of a payload, or answers null when it is not one, or the payload ends before any VP9 data.
    public static @Nullable Vp9PayloadDescriptor parse(ByteBuffer payload) {
        ByteReader in = new ByteReader(payload);
        int first = in.u8();
        boolean flexible = (first & F) != 0;
        int pictureId = ABSENT;
        if ((first & I) != 0) {
            int id = in.u8();
            pictureId = (id & 0x80) != 0 ? (id & 0x7F) << 8 | in.u8() : id;
        }
        int layers = (first & L) != 0 ? in.u8() : ABSENT;
        int tl0 = (first & L) != 0 && !flexible ? in.u8() : ABSENT;
        int references = 0;
        if (flexible && (first & P) != 0) {
            boolean more = true;
            while (more && references < MAX_REFERENCES && !in.isTruncated()) {
                more = (in.u8() & 1) != 0;
                references++;
            }
            if (more) {
                return null; // "at most 3 times"
            }
        }
        if ((first & V) != 0) {
            skipStructure(in);
        }
        if (in.isTruncated() || !in.hasRemaining()) {
            return null;
        }
        boolean layered = layers != ABSENT;
        return new Vp9PayloadDescriptor(
                pictureId,
                (first & P) != 0,
                flexible,
                (first & B) != 0,
                (first & E) != 0,
                layered ? layers >> 5 : ABSENT,
                layered ? layers >> 1 & 0x07 : ABSENT,
                layered && (layers & 1) != 0,
                tl0,
                references,
                in.position());
    }

    /// Sizes of the layers and the pattern of references (section 4.2.1): told to those who choose layers, not to us.
    private static void skipStructure(ByteReader in) {
        int head = in.u8();
        if ((head & 0x10) != 0) {
            in.skip(4 * ((head >> 5) + 1));
        }
        if ((head & 0x08) != 0) {
            int pictures = in.u8();
            for (int i = 0; i < pictures && !in.isTruncated(); i++) {
                in.skip(in.u8() >> 2 & 0x03);
            }
        }
    }

    /// Whether it belongs to the lowest spatial layer, which is the only one when the descriptor names none.
    public boolean isBaseLayer() {
        return spatialLayer <= 0;
    }
}
