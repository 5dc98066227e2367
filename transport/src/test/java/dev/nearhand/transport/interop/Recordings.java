package dev.nearhand.transport.interop;

import dev.nearhand.transport.api.VideoCodec;
import java.util.List;

/// The recordings of four coloured quarters, as they lie in the test resources.
public final class Recordings {
    private Recordings() {}

    /// Whole encoded frames; the first is a key frame.
    public static List<byte[]> of(VideoCodec codec) {
        return switch (codec) {
            case VP8 -> Ivf.frames(ForeignPrograms.resource("quadrants.ivf"));
            case VP9 -> Ivf.frames(ForeignPrograms.resource("quadrants-vp9.ivf"));
            case AV1 -> Ivf.frames(ForeignPrograms.resource("quadrants-av1.ivf"));
            case H264 -> AnnexBFile.frames(ForeignPrograms.resource("quadrants.h264"));
        };
    }
}
