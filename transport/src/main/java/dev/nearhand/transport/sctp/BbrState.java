package dev.nearhand.transport.sctp;

/// The states of BBR with their gains
/// ([draft-ietf-ccwg-bbr-04](https://datatracker.ietf.org/doc/html/draft-ietf-ccwg-bbr-04) section 5.6.1).
enum BbrState {
    /// Doubles the rate in each round trip until the path is full (section 5.3.1).
    STARTUP(2.77, 2),
    /// Empties the queue that this has made (section 5.3.2).
    DRAIN(0.5, 2),
    /// Sends a little less than the path carries, to leave room (section 5.3.3.1).
    PROBE_BW_DOWN(0.9, 2),
    /// Sends what the path carries (section 5.3.3.2).
    PROBE_BW_CRUISE(1, 2),
    /// Fills the path again before it is tried (section 5.3.3.3).
    PROBE_BW_REFILL(1, 2),
    /// Tries whether the path carries more (section 5.3.3.4).
    PROBE_BW_UP(1.25, 2.25),
    /// Lets the queue run empty to see how long the path is (section 5.3.4).
    PROBE_RTT(1, 0.5);

    final double pacingGain;
    final double cwndGain;

    BbrState(double pacingGain, double cwndGain) {
        this.pacingGain = pacingGain;
        this.cwndGain = cwndGain;
    }

    /// "IsInAProbeBWState"
    boolean isProbeBw() {
        return this == PROBE_BW_DOWN || this == PROBE_BW_CRUISE || this == PROBE_BW_REFILL || this == PROBE_BW_UP;
    }

    /// "BBRIsProbingBW": sends more than is known to be carried.
    boolean isProbing() {
        return this == STARTUP || this == PROBE_BW_REFILL || this == PROBE_BW_UP;
    }
}
