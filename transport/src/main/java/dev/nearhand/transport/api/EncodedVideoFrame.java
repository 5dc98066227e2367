package dev.nearhand.transport.api;

import java.nio.ByteBuffer;

/// One whole encoded frame that arrived.
///
/// @param data the frame as the encoder wrote it; belongs to the receiver of this record
/// @param rtpTimestamp its media time on the 90 kHz clock, unsigned 32 bits, as the sender counts it
/// @param keyframe whether it can be decoded without any frame before it
public record EncodedVideoFrame(VideoCodec codec, ByteBuffer data, long rtpTimestamp, boolean keyframe) {}
