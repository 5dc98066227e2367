package dev.nearhand.transport.peer;

import dev.nearhand.transport.sdp.PayloadFormat;
import java.util.ArrayList;
import java.util.List;

/// VP8 as one section agrees on it.
///
/// @param payloadType 0–127, as the offerer numbered it
/// @param nack lost packets are asked for (RFC 4585 section 6.2.1)
/// @param pli key frames are asked for by PLI (RFC 4585 section 6.3.1)
/// @param fir key frames are asked for by FIR (RFC 5104 section 4.3.1)
record VideoFormat(int payloadType, boolean nack, boolean pli, boolean fir) {
    static final int CLOCK_RATE = 90_000;

    /// What we offer.
    static final VideoFormat OURS = new VideoFormat(96, true, true, true);

    static VideoFormat of(PayloadFormat format) {
        List<String> feedback = format.feedback();
        return new VideoFormat(
                format.payloadType(),
                feedback.contains("nack"),
                feedback.contains("nack pli"),
                feedback.contains("ccm fir"));
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
