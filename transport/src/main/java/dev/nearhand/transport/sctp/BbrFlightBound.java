package dev.nearhand.transport.sctp;

/// "BBR.inflight_longterm": how much may be in flight without more loss than is tolerated, as far as is known
/// ([draft-ietf-ccwg-bbr-04 section
/// 5.3.3.6](https://datatracker.ietf.org/doc/html/draft-ietf-ccwg-bbr-04#section-5.3.3.6)).
final class BbrFlightBound {
    /// "BBR.Headroom": what is left for others.
    private static final double HEADROOM = 0.15;

    private static final int MAX_RAISE_ROUNDS = 30;

    private final int packetBytes;
    private long bytes = BbrModel.UNBOUNDED;
    private int raiseRounds;
    private double ackedBytes;
    private double ackedForOneByte = Double.POSITIVE_INFINITY;

    BbrFlightBound(int packetBytes) {
        this.packetBytes = packetBytes;
    }

    long bytes() {
        return bytes;
    }

    /// "BBRInflightWithHeadroom"
    long withHeadroom() {
        return bytes == BbrModel.UNBOUNDED ? bytes : bytes - Math.max(packetBytes, (long) (HEADROOM * bytes));
    }

    void set(long flightBytes) {
        bytes = flightBytes;
    }

    /// So much was in flight, and was not too much.
    void onCarried(long flightBytes) {
        bytes = Math.max(bytes, flightBytes);
    }

    /// The bound will be tried soon: it grows slowly at first.
    void beginProbe() {
        raiseRounds = 0;
        ackedBytes = 0;
    }

    /// "BBRRaiseInflightLongtermSlope": by a packet in the first round trip, then two, four …
    void raiseSlope(long windowBytes) {
        double growth = (double) packetBytes * (1L << raiseRounds);
        raiseRounds = Math.min(raiseRounds + 1, MAX_RAISE_ROUNDS);
        ackedForOneByte = Math.max(windowBytes / growth, 1);
    }

    /// "BBRProbeInflightLongtermUpward", while the bound is what limits the flow.
    void raise(int acked, long windowBytes, boolean roundStart) {
        ackedBytes += acked;
        long more = (long) (ackedBytes / ackedForOneByte);
        ackedBytes -= more * ackedForOneByte;
        bytes += more;
        if (roundStart) {
            raiseSlope(windowBytes);
        }
    }
}
