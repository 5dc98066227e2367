package dev.nearhand.transport.sctp;

/// Decides how much may be in flight. Told what happened, asked for a window; knows no chunks and no TSNs.
///
/// One association has one path, so there is one of these for each.
interface CongestionControl {
    /// How many bytes may be in flight.
    int windowBytes();

    /// New data was acknowledged.
    ///
    /// @param ackedBytes what is newly acknowledged
    /// @param flightBytes what was in flight before
    /// @param cumulativeAdvanced whether the cumulative TSN moved
    /// @param recovering whether a loss is being repaired
    default void onAcknowledged(
            long nowNanos, int ackedBytes, int flightBytes, boolean cumulativeAdvanced, boolean recovering) {}

    /// A round-trip time was measured.
    void onMeasured(long rttNanos, long smoothedNanos);

    /// What was sent when the last round began has been acknowledged: a round trip is over.
    default void onRound() {}

    /// A loss was seen that is not part of one already known.
    void onLoss(long nowNanos);

    /// Nothing came back in time.
    void onTimeout(long nowNanos);

    /// Nothing was sent for so many retransmission timeouts.
    void onIdle(int timeouts);

    /// How many bytes may leave at once, on one occasion to send.
    int burstBytes();

    /// How fast packets may leave, in bytes a second; 0 for no limit but the window's.
    default double pacingBytesPerSecond() {
        return 0;
    }

    /// A chunk is being sent.
    ///
    /// @param flightBytes what is in flight without it
    default void onSend(long nowNanos, int flightBytes, DeliveryRate sample) {}

    /// A SACK has acknowledged something, and the losses that it shows have been reported.
    ///
    /// @param flightBytes what is in flight now
    default void onSample(long nowNanos, int flightBytes, DeliveryRate sample) {}

    /// A chunk was found lost.
    default void onChunkLost(long nowNanos, SentChunk chunk, DeliveryRate sample) {}

    /// All losses of a kind that [#onLoss] told of have been repaired.
    default void onRecovered() {}
}
