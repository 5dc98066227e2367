package dev.nearhand.transport.sctp;

/// "C.cwnd" of BBR: how it follows what the model says, and what it comes back to after a loss, a timeout or a look at
/// the path's length ([draft-ietf-ccwg-bbr-04 section
/// 5.6.4](https://datatracker.ietf.org/doc/html/draft-ietf-ccwg-bbr-04#section-5.6.4)). Bytes.
final class BbrWindow {
    /// RFC 6928
    static final int INITIAL_PACKETS = 10;

    /// "BBR.MinPipeCwnd" (section 5.6.4.3)
    static final int MIN_PACKETS = 4;

    static final int MAX_BYTES = 64 * 1024 * 1024;

    private final int packetBytes;
    private long bytes;
    private long priorBytes;
    private boolean timedOut;
    private boolean recovering;

    BbrWindow(int packetBytes) {
        this.packetBytes = packetBytes;
        this.bytes = (long) INITIAL_PACKETS * packetBytes;
    }

    long bytes() {
        return bytes;
    }

    /// Whether nothing has come back since a timeout.
    boolean isTimedOut() {
        return timedOut;
    }

    /// "BBROnEnterFastRecovery" (section 5.6.4.4)
    void onLoss(BbrState state) {
        save(state);
        recovering = true;
    }

    void onRecovered() {
        recovering = false;
        restore();
    }

    /// "BBROnEnterRTO": all that was in flight counts as lost, so a single packet may go.
    void onTimeout(BbrState state) {
        save(state);
        recovering = false;
        timedOut = true;
        bytes = packetBytes;
    }

    /// "BBRSaveCwnd"
    void save(BbrState state) {
        boolean modulated = recovering || timedOut || state == BbrState.PROBE_RTT;
        priorBytes = modulated ? Math.max(priorBytes, bytes) : bytes;
    }

    /// "BBRRestoreCwnd"
    void restore() {
        bytes = Math.max(bytes, priorBytes);
    }

    /// The first round trip after a timeout has been acknowledged.
    void onRoundStart() {
        if (timedOut) {
            timedOut = false;
            restore();
        }
    }

    /// "BBRSetCwnd" (section 5.6.4.6)
    ///
    /// @param mostBytes "BBR.max_inflight"
    /// @param full whether the path was full once
    /// @param capBytes what the model allows at most, [BbrModel#UNBOUNDED] for no such bound
    void follow(DeliveryRate sample, double mostBytes, boolean full, long capBytes) {
        if (full) {
            bytes = (long) Math.min(bytes + sample.ackedBytes, mostBytes);
        } else if (bytes < mostBytes || sample.delivered() < INITIAL_PACKETS * packetBytes) {
            bytes += sample.ackedBytes;
        }
        bytes = Math.min(Math.max(bytes, leastBytes()), Math.max(capBytes, leastBytes()));
    }

    long leastBytes() {
        return (long) MIN_PACKETS * packetBytes;
    }
}
