package dev.nearhand.transport.sctp;

/// What losses say of how much was in flight ([draft-ietf-ccwg-bbr-04 section
/// 5.5.10](https://datatracker.ietf.org/doc/html/draft-ietf-ccwg-bbr-04#section-5.5.10)).
final class BbrLosses {
    /// "BBRStartupFullLossCnt" (section 5.3.1.3)
    private static final int STARTUP_LOSSES = 6;

    private final int packetBytes;
    private int lossesInRound;
    private int lastLostTsn;

    BbrLosses(int packetBytes) {
        this.packetBytes = packetBytes;
    }

    /// A chunk was found lost; what lies beside one that was lost before is one loss with it.
    void onChunkLost(SentChunk chunk) {
        if (chunk.tsn != lastLostTsn + 1) {
            lossesInRound++;
        }
        lastLostTsn = chunk.tsn;
    }

    /// "BBRCheckStartupHighLoss" (section 5.3.1.3): a round trip is over; whether its losses say that the path is full.
    boolean endStartupRound(DeliveryRate sample) {
        boolean full = lossesInRound >= STARTUP_LOSSES && isFlightTooHigh(sample.lostSinceSent, sample.flightWhenSent);
        lossesInRound = 0;
        return full;
    }

    /// "IsInflightTooHigh", with two standard deviations of chance on top: of a hundred packets, more than two are lost
    /// every now and then on a path that loses one in a hundred, however little is in flight.
    boolean isFlightTooHigh(long lostBytes, int flightWhenSent) {
        double tolerated = BbrModel.LOSS_THRESHOLD * flightWhenSent;
        return lostBytes > tolerated + 2 * Math.sqrt(tolerated * packetBytes);
    }

    /// "BBRInflightAtLoss": with how much in flight a chunk was sent that made it too much.
    static long flightAt(SentChunk chunk, long lostBytes) {
        int size = chunk.sizeBytes();
        double before = chunk.flightWhenSent - size;
        double prefix = (BbrModel.LOSS_THRESHOLD * before - (lostBytes - size)) / (1 - BbrModel.LOSS_THRESHOLD);
        return (long) (before + prefix);
    }
}
