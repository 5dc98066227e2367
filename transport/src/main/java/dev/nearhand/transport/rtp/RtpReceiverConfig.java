package dev.nearhand.transport.rtp;

import dev.nearhand.transport.payload.Codec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A stream to expect, as offer and answer agreed on it.
///
/// @param mid the section it belongs to (RFC 8843)
/// @param midExtensionId the number of the MID header extension, 1–14, or 0 when it was not agreed on
/// @param payloadTypes what each payload type means; packets of any other are dropped
/// @param rtxPayloadTypes those of retransmissions (RFC 4588), and the type that each repairs (`apt`)
/// @param redPayloadTypes those of RED (RFC 2198), which wrap another one
/// @param ulpfecPayloadTypes those of parity (RFC 5109), which come inside RED
/// @param signalledSsrcs the sources that the description named, if any
/// @param clockRate of its timestamps, in Hz
/// @param nack whether lost packets may be asked for
/// @param pli whether a key frame may be asked for
/// @param layers the streams that it comes in, when they are several
public record RtpReceiverConfig(
        String mid,
        int midExtensionId,
        Map<Integer, Codec> payloadTypes,
        Map<Integer, Integer> rtxPayloadTypes,
        Set<Integer> redPayloadTypes,
        Set<Integer> ulpfecPayloadTypes,
        List<Integer> signalledSsrcs,
        int clockRate,
        boolean nack,
        boolean pli,
        RtpLayers layers) {
    /// The clock rate of every video format.
    public static final int VIDEO_CLOCK_RATE = 90_000;

    public RtpReceiverConfig {
        payloadTypes = Map.copyOf(payloadTypes);
        rtxPayloadTypes = Map.copyOf(rtxPayloadTypes);
        redPayloadTypes = Set.copyOf(redPayloadTypes);
        ulpfecPayloadTypes = Set.copyOf(ulpfecPayloadTypes);
        signalledSsrcs = List.copyOf(signalledSsrcs);
        if (clockRate <= 0) {
            throw new IllegalArgumentException("a clock rate is positive, not " + clockRate);
        }
    }

    /// In one stream, without parity.
    public RtpReceiverConfig(
            String mid,
            int midExtensionId,
            Map<Integer, Codec> payloadTypes,
            Map<Integer, Integer> rtxPayloadTypes,
            Set<Integer> redPayloadTypes,
            List<Integer> signalledSsrcs,
            int clockRate,
            boolean nack,
            boolean pli) {
        this(
                mid,
                midExtensionId,
                payloadTypes,
                rtxPayloadTypes,
                redPayloadTypes,
                Set.of(),
                signalledSsrcs,
                clockRate,
                nack,
                pli,
                RtpLayers.NONE);
    }

    /// Whether packets of that type can belong to it.
    boolean takes(int payloadType) {
        return payloadTypes.containsKey(payloadType)
                || rtxPayloadTypes.containsKey(payloadType)
                || redPayloadTypes.contains(payloadType);
    }

    /// A stream of VP8.
    public static RtpReceiverConfig vp8(
            String mid,
            int midExtensionId,
            List<Integer> payloadTypes,
            List<Integer> signalledSsrcs,
            boolean nack,
            boolean pli) {
        Map<Integer, Codec> types =
                payloadTypes.stream().distinct().collect(Collectors.toMap(Function.identity(), _ -> Codec.VP8));
        return new RtpReceiverConfig(
                mid, midExtensionId, types, Map.of(), Set.of(), signalledSsrcs, VIDEO_CLOCK_RATE, nack, pli);
    }
}
