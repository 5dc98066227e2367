package dev.nearhand.transport.payload;

import java.nio.ByteBuffer;

/// Cuts frames of one codec into RTP payloads. One frame at a time, one thread.
public interface Packetizer {
    /// Begins a frame, which must stay as it is until its last payload is written.
    ///
    /// @param frame from position to limit, which do not move; at least one byte
    /// @param maxPayloadBytes the most that one payload may take, with all that stands before the codec's own bytes
    /// @return false when nothing in it can be sent; then there is no payload
    boolean begin(ByteBuffer frame, int maxPayloadBytes);

    /// How many payloads of the frame are not written yet.
    int payloadsLeft();

    /// Writes the next payload, and moves the position of `into` by it.
    void writeNext(ByteBuffer into);

    /// Whether the frame has a payload that is not written yet.
    default boolean hasNext() {
        return payloadsLeft() > 0;
    }

    /// The packetizer of a codec.
    ///
    /// @param firstPictureId where those codecs that number their pictures begin
    /// @param singleNalUnits H.264 in packetization mode 0: no NAL unit is cut or joined (RFC 6184 section 6.2)
    static Packetizer of(Codec codec, int firstPictureId, boolean singleNalUnits) {
        return switch (codec) {
            case VP8 -> new Vp8Packetizer(firstPictureId);
            case VP9 -> new Vp9Packetizer(firstPictureId);
            case H264 -> new H264Packetizer(singleNalUnits);
            case AV1 -> new Av1Packetizer();
            case OPUS -> new OpusPacketizer();
        };
    }
}
