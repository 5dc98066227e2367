package dev.nearhand.transport.rtp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which receiver a packet of a BUNDLE transport belongs to (RFC 8843 section 9.2): by its SSRC when that is known, by
/// its MID, and by its payload type when only one receiver has that. A stream of several of one track is known by its
/// RID, or by that of the stream that it repairs (RFC 8852 section 4).
///
/// Remembers at most [#MAX_SOURCES] SSRCs that the description did not name; what one more sends is routed anew each
/// time.
final class ReceiverRouting {
    static final int MAX_SOURCES = 64;

    private final Map<Integer, RtpReceiver> bySsrc = new HashMap<>();
    private int learned;

    void add(RtpReceiver receiver) {
        receiver.config.signalledSsrcs().forEach(ssrc -> bySsrc.put(ssrc, receiver));
    }

    void remove(RtpReceiver receiver) {
        bySsrc.values().removeIf(receiver::equals);
        learned = Math.min(learned, bySsrc.size());
    }

    /// The receiver of a source that is known, or null.
    @Nullable
    RtpReceiver ofSource(int ssrc) {
        return bySsrc.get(ssrc);
    }

    /// The receiver of a packet, or null.
    @Nullable
    RtpReceiver route(RtpPacket packet, Collection<RtpReceiver> receivers) {
        RtpReceiver known = bySsrc.get(packet.ssrc());
        if (known != null) {
            return known;
        }
        RtpReceiver found = byMid(packet, receivers);
        if (found == null) {
            found = byPayloadType(packet, receivers);
        }
        if (found != null && learned < MAX_SOURCES) {
            learned++;
            bySsrc.put(packet.ssrc(), found);
        }
        return found;
    }

    private static @Nullable RtpReceiver byMid(RtpPacket packet, Collection<RtpReceiver> receivers) {
        for (RtpReceiver receiver : receivers) {
            int id = receiver.config.midExtensionId();
            ByteBuffer mid = id == 0 ? null : packet.extension(id);
            if (mid != null && says(mid, receiver.config.mid()) && hasRid(packet, receiver)) {
                return receiver;
            }
        }
        return null;
    }

    private static boolean hasRid(RtpPacket packet, RtpReceiver receiver) {
        if (receiver.rid.isEmpty()) {
            return true;
        }
        RtpLayers layers = receiver.config.layers();
        ByteBuffer rid = packet.extension(layers.ridExtensionId());
        ByteBuffer repaired = layers.repairedExtensionId() == 0 ? null : packet.extension(layers.repairedExtensionId());
        return rid != null && says(rid, receiver.rid) || repaired != null && says(repaired, receiver.rid);
    }

    private static boolean says(ByteBuffer extension, String word) {
        return StandardCharsets.UTF_8.decode(extension.duplicate()).toString().equals(word);
    }

    private static @Nullable RtpReceiver byPayloadType(RtpPacket packet, Collection<RtpReceiver> receivers) {
        RtpReceiver found = null;
        for (RtpReceiver receiver : receivers) {
            if (receiver.config.takes(packet.payloadType())) {
                if (found != null) {
                    return null;
                }
                found = receiver;
            }
        }
        return found;
    }
}
