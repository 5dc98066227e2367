package dev.nearhand.app.link;

import dev.nearhand.capture.codec.VideoCodec;

/// The formats of video as the transport and as the codecs call them.
public final class Formats {
    private Formats() {}

    /// What encodes and decodes what a track carries.
    public static VideoCodec of(dev.nearhand.transport.api.VideoCodec carried) {
        return switch (carried) {
            case VP8 -> VideoCodec.VP8;
            case VP9 -> VideoCodec.VP9;
            case H264 -> VideoCodec.H264;
            case AV1 -> VideoCodec.AV1;
        };
    }
}
