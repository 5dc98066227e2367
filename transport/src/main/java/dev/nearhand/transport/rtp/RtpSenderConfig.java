package dev.nearhand.transport.rtp;

import dev.nearhand.transport.payload.Codec;

/// A stream to send, as offer and answer agreed on it.
///
/// @param ssrc its source identifier, the same that the description tells
/// @param mid the section it belongs to (RFC 8843)
/// @param midExtensionId the number of the MID header extension, 1–14, or 0 when it was not agreed on
/// @param payloadType 0–127
/// @param codec what its frames are
/// @param singleNalUnits H.264 in packetization mode 0 (RFC 6184 section 6.2)
/// @param clockRate of its timestamps, in Hz
/// @param nack whether the other side may ask for lost packets
/// @param pli whether it may ask for a key frame by PLI (RFC 4585)
/// @param fir whether it may ask for a key frame by FIR (RFC 5104)
/// @param repair how packets that were asked for are sent
public record RtpSenderConfig(
        int ssrc,
        String mid,
        int midExtensionId,
        int payloadType,
        Codec codec,
        boolean singleNalUnits,
        int clockRate,
        boolean nack,
        boolean pli,
        boolean fir,
        Repair repair) {
    /// How packets are sent again.
    public sealed interface Repair {
        /// The same bytes on the same SSRC.
        record SameBytes() implements Repair {}

        /// In a stream of their own (RFC 4588).
        record Rtx(int ssrc, int payloadType) implements Repair {}
    }

    public RtpSenderConfig {
        if (payloadType < 0 || payloadType > 127) {
            throw new IllegalArgumentException("a payload type has seven bits, not " + payloadType);
        }
        if (midExtensionId < 0 || midExtensionId > 14) {
            throw new IllegalArgumentException("a header extension has a number of 1 to 14, not " + midExtensionId);
        }
        if (clockRate <= 0) {
            throw new IllegalArgumentException("a clock rate is positive, not " + clockRate);
        }
    }

    /// A stream of VP8 whose packets are repeated as they are.
    public RtpSenderConfig(
            int ssrc,
            String mid,
            int midExtensionId,
            int payloadType,
            int clockRate,
            boolean nack,
            boolean pli,
            boolean fir) {
        this(
                ssrc,
                mid,
                midExtensionId,
                payloadType,
                Codec.VP8,
                false,
                clockRate,
                nack,
                pli,
                fir,
                new Repair.SameBytes());
    }
}
