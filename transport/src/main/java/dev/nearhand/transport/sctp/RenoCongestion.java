package dev.nearhand.transport.sctp;

/// The congestion control of [RFC 9260 section 7.2](https://www.rfc-editor.org/rfc/rfc9260#section-7.2): slow start,
/// congestion avoidance, halving.
final class RenoCongestion implements CongestionControl {
    /// Max.Burst, in packets.
    private static final int MAX_BURST = 4;

    private static final int MAX_WINDOW_BYTES = 64 * 1024 * 1024;

    private final int packetBytes;
    private int windowBytes;
    private int slowStartThresholdBytes = MAX_WINDOW_BYTES;
    private int partialBytesAcked;

    RenoCongestion(int packetBytes) {
        this.packetBytes = packetBytes;
        // "The initial cwnd before data transmission MUST be set to min(4 * PMDCS, max(2 * PMDCS, 4404)) bytes"
        this.windowBytes = Math.min(4 * packetBytes, Math.max(2 * packetBytes, 4404));
    }

    @Override
    public int windowBytes() {
        return windowBytes;
    }

    @Override
    public void onAcknowledged(
            long nowNanos, int ackedBytes, int flightBytes, boolean cumulativeAdvanced, boolean recovering) {
        boolean fullyUsed = flightBytes + packetBytes > windowBytes;
        if (windowBytes <= slowStartThresholdBytes) {
            if (cumulativeAdvanced && fullyUsed && !recovering) {
                grow(Math.min(ackedBytes, packetBytes));
            }
            return;
        }
        partialBytesAcked = Math.min(partialBytesAcked + ackedBytes, MAX_WINDOW_BYTES);
        if (partialBytesAcked < windowBytes || !cumulativeAdvanced) {
            return;
        }
        if (fullyUsed) {
            partialBytesAcked -= windowBytes;
            grow(packetBytes);
        } else {
            partialBytesAcked = windowBytes;
        }
    }

    @Override
    public void onLoss(long nowNanos) {
        slowStartThresholdBytes = halved();
        windowBytes = slowStartThresholdBytes;
        partialBytesAcked = 0;
    }

    @Override
    public void onTimeout(long nowNanos) {
        slowStartThresholdBytes = halved();
        windowBytes = packetBytes;
        partialBytesAcked = 0;
    }

    /// "the cwnd of the transport address SHOULD be adjusted to max(cwnd / 2, 4 * PMDCS) per RTO"
    @Override
    public void onIdle(int timeouts) {
        int floor = Math.min(windowBytes, 4 * packetBytes);
        windowBytes = Math.max(windowBytes >> Math.min(timeouts, 30), floor);
    }

    @Override
    public int burstBytes() {
        return MAX_BURST * packetBytes;
    }

    private void grow(int bytes) {
        windowBytes = Math.min(windowBytes + bytes, MAX_WINDOW_BYTES);
    }

    private int halved() {
        return Math.max(windowBytes / 2, 4 * packetBytes);
    }
}
