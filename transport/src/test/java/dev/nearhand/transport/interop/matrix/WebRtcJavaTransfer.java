package dev.nearhand.transport.interop.matrix;

import dev.onvoid.webrtc.RTCDataChannel;
import java.util.Map;
import java.util.function.Consumer;

/// A transfer that [WebRtcJavaConnection] receives.
final class WebRtcJavaTransfer {
    private final RTCDataChannel channel;
    private final Consumer<Map<String, ?>> report;
    private final Bulk.Received.Counter counter = new Bulk.Received.Counter();

    WebRtcJavaTransfer(RTCDataChannel channel, Consumer<Map<String, ?>> report) {
        this.channel = channel;
        this.report = report;
    }

    void take(byte[] bytes) {
        counter.take(bytes);
        if (counter.count() == Bulk.COUNT) {
            Bulk.Received received = counter.received();
            report.accept(Map.of(
                    "label",
                    channel.getLabel(),
                    "count",
                    received.count(),
                    "inOrder",
                    received.inOrder(),
                    "intact",
                    counter.intact(),
                    "sha256",
                    received.sha256(),
                    "ordered",
                    channel.isOrdered(),
                    "maxRetransmits",
                    channel.isReliable() ? -1 : channel.getMaxRetransmits()));
        }
    }
}
