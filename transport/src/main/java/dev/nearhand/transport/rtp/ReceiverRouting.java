package dev.nearhand.transport.rtp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which receiver a packet of a BUNDLE transport belongs to (RFC 8843 section 9.2): by its SSRC when that is known, by
/// its MID, and by its payload type when only one receiver has that.
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
            if (mid != null
                    && StandardCharsets.UTF_8.decode(mid.duplicate()).toString().equals(receiver.config.mid())) {
                return receiver;
            }
        }
        return null;
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
