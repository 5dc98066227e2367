package dev.nearhand.transport.peer;

import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.sdp.PayloadFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One format of one section, as a side writes it down.
///
/// @param payloadType 0–127
/// @param parameters those of `a=fmtp`, by name in lower case
/// @param nack lost packets are asked for (RFC 4585 section 6.2.1)
/// @param pli key frames are asked for by PLI (RFC 4585 section 6.3.1)
/// @param fir key frames are asked for by FIR (RFC 5104 section 4.3.1)
/// @param rtxPayloadType what its packets are sent again as (RFC 4588), or [#NO_RTX]
record MediaFormat(
        int payloadType,
        Codec codec,
        Map<String, String> parameters,
        boolean nack,
        boolean pli,
        boolean fir,
        int rtxPayloadType) {
    static final int NO_RTX = -1;
    static final int VIDEO_CLOCK_RATE = 90_000;
    static final int AUDIO_CLOCK_RATE = 48_000;

    MediaFormat {
        parameters = Map.copyOf(parameters);
    }

    static MediaFormat of(PayloadFormat format, Codec codec, int rtxPayloadType) {
        List<String> feedback = format.feedback();
        return new MediaFormat(
                format.payloadType(),
                codec,
                format.parameters(),
                feedback.contains("nack"),
                feedback.contains("nack pli"),
                feedback.contains("ccm fir"),
                rtxPayloadType);
    }

    int clockRate() {
        return codec.isAudio() ? AUDIO_CLOCK_RATE : VIDEO_CLOCK_RATE;
    }

    boolean hasRtx() {
        return rtxPayloadType != NO_RTX;
    }

    /// Whether NAL units are neither cut nor joined: packetization mode 0, the one that counts when none is named (RFC
    /// 6184 section 8.1).
    boolean singleNalUnits() {
        return codec == Codec.H264
                && parameters.getOrDefault("packetization-mode", "0").equals("0");
    }

    MediaFormat withParameters(Map<String, String> value) {
        return new MediaFormat(payloadType, codec, value, nack, pli, fir, rtxPayloadType);
    }

    MediaFormat withNumbers(int type, int rtxType) {
        return new MediaFormat(type, codec, parameters, nack, pli, fir, rtxType);
    }

    /// What stands behind the payload type in its `a=rtpmap` line.
    String encoding() {
        return codec == Codec.OPUS ? "opus/48000/2" : codec.name() + "/" + VIDEO_CLOCK_RATE;
    }

    /// The values of its `a=rtcp-fb` lines.
    List<String> feedback() {
        List<String> lines = new ArrayList<>();
        if (nack) {
            lines.add("nack");
        }
        if (pli) {
            lines.add("nack pli");
        }
        if (fir) {
            lines.add("ccm fir");
        }
        return lines;
    }
}
