package dev.nearhand.transport.api;

import dev.nearhand.transport.payload.Codec;

/// The video formats that a track can carry.
public enum VideoCodec {
    /// RFC 7741; a frame is what the encoder wrote.
    VP8(Codec.VP8),
    /// RFC 9628; a frame is what the encoder wrote, a superframe too.
    VP9(Codec.VP9),
    /// RFC 6184; a frame is an access unit in the byte stream form of annex B, parameter sets before each key frame.
    H264(Codec.H264),
    /// RTP Payload Format For AV1; a frame is a temporal unit in the low-overhead format, with or without its
    /// delimiter.
    AV1(Codec.AV1);

    private final Codec codec;

    VideoCodec(Codec codec) {
        this.codec = codec;
    }

    Codec codec() {
        return codec;
    }

    static VideoCodec of(Codec codec) {
        return switch (codec) {
            case VP8 -> VP8;
            case VP9 -> VP9;
            case H264 -> H264;
            case AV1 -> AV1;
            case OPUS -> throw new IllegalArgumentException("Opus is no video");
        };
    }
}
