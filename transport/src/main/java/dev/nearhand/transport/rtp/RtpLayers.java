package dev.nearhand.transport.rtp;

import java.util.List;

/// The streams of one track that is sent in several sizes at once (simulcast, RFC 8853), told apart by the RID header
/// extensions (RFC 8852 section 4).
///
/// @param rids 2–[#MAX_LAYERS] names, or none for a track of one stream
/// @param ridExtensionId the number of `sdes:rtp-stream-id`, 1–14
/// @param repairedExtensionId that of `sdes:repaired-rtp-stream-id`, 1–14, or 0 when it was not agreed on
public record RtpLayers(List<String> rids, int ridExtensionId, int repairedExtensionId) {
    /// So that the reports about all streams of a session fit in one packet: a receiver report has room for 31.
    public static final int MAX_LAYERS = 3;

    /// A track of one stream.
    public static final RtpLayers NONE = new RtpLayers(List.of(), 0, 0);

    public RtpLayers {
        rids = List.copyOf(rids);
        if (rids.size() == 1 || rids.size() > MAX_LAYERS) {
            throw new IllegalArgumentException("simulcast is 2 to " + MAX_LAYERS + " streams, not " + rids.size());
        }
    }

    public boolean isEmpty() {
        return rids.isEmpty();
    }
}
