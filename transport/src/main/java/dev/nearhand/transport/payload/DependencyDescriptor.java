package dev.nearhand.transport.payload;

import dev.nearhand.transport.wire.ByteReader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The mandatory head of the dependency descriptor, a header extension (RTP Payload Format For AV1, appendix A.8.2).
/// The structure of templates behind it is for those who choose layers, and is not read.
///
/// @param templateId 0–63
/// @param frameNumber 16 bits, grows by one with every frame
/// @param hasMore whether the extended fields follow
public record DependencyDescriptor(
        boolean startOfFrame, boolean endOfFrame, int templateId, int frameNumber, boolean hasMore) {
    /// Reads the value of the extension without moving it; null when it is too short.
    public static @Nullable DependencyDescriptor parse(ByteBuffer extension) {
        ByteReader in = new ByteReader(extension);
        int first = in.u8();
        int number = in.u16();
        return in.isTruncated()
                ? null
                : new DependencyDescriptor(
                        (first & 0x80) != 0, (first & 0x40) != 0, first & 0x3F, number, in.hasRemaining());
    }
}
