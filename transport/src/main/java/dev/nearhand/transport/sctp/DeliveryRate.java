package dev.nearhand.transport.sctp;

import org.jspecify.annotations.Nullable;

/// How fast the path delivers: from each SACK one sample, the bytes delivered since the newest chunk in it was sent,
/// over the time that took ([draft-ietf-ccwg-bbr-04 section
/// 4.1](https://datatracker.ietf.org/doc/html/draft-ietf-ccwg-bbr-04#section-4.1)).
///
/// Keeps what belongs to the connection; what belongs to a chunk stands in [SentChunk]. Fields without `private` are
/// the sample of the SACK that is being handled (section 2.2).
final class DeliveryRate {
    private static final double NANOS_PER_SECOND = 1e9;

    private long deliveredNanos;
    private long firstSentNanos;
    private long deliveredBytes;
    private long lostBytes;
    private long appLimitedUntil;

    /// "RS.delivery_rate", bytes a second; 0 when there is none.
    double bytesPerSecond;

    /// "RS.delivered"
    long sampleBytes;

    /// "RS.rtt", or -1.
    long rttNanos;

    /// "RS.newly_acked"
    int ackedBytes;

    /// "RS.tx_in_flight"
    int flightWhenSent;

    /// "RS.lost": what was found lost since the chunk was sent.
    long lostSinceSent;

    /// "RS.prior_delivered"
    long deliveredWhenSent;

    /// "RS.is_app_limited"
    boolean appLimited;

    /// "C.delivered"
    long delivered() {
        return deliveredBytes;
    }

    /// "C.app_limited"
    boolean isAppLimited() {
        return appLimitedUntil > 0;
    }

    /// A chunk is being sent (section 4.1.2.2).
    ///
    /// @param flightBytes what is in flight without it
    void onSent(SentChunk chunk, long nowNanos, int flightBytes) {
        if (flightBytes == 0) {
            firstSentNanos = nowNanos;
            deliveredNanos = nowNanos;
        }
        chunk.firstSentNanos = firstSentNanos;
        chunk.deliveredNanos = deliveredNanos;
        chunk.deliveredWhenSent = deliveredBytes;
        chunk.lostWhenSent = lostBytes;
        chunk.flightWhenSent = flightBytes + chunk.sizeBytes();
        chunk.appLimited = appLimitedUntil > 0;
    }

    /// There was room to send and nothing to send (section 4.1.2.4).
    void onNothingToSend(int flightBytes) {
        appLimitedUntil = Math.max(1, deliveredBytes + flightBytes);
    }

    void onLost(SentChunk chunk) {
        lostBytes += chunk.sizeBytes();
    }

    /// Takes what a SACK has acknowledged (section 4.1.2.3).
    ///
    /// @param newest the chunk of these that was sent last, or null
    /// @param minRttNanos the least round trip known: a sample over less time than that is none
    void onDelivered(long nowNanos, @Nullable SentChunk newest, int bytes, long minRttNanos) {
        ackedBytes = bytes;
        bytesPerSecond = 0;
        rttNanos = -1;
        sampleBytes = 0;
        deliveredBytes += bytes;
        if (bytes > 0) {
            deliveredNanos = nowNanos;
        }
        if (appLimitedUntil > 0 && deliveredBytes > appLimitedUntil) {
            appLimitedUntil = 0;
        }
        if (newest == null) {
            return;
        }
        deliveredWhenSent = newest.deliveredWhenSent;
        flightWhenSent = newest.flightWhenSent;
        appLimited = newest.appLimited;
        firstSentNanos = newest.sentNanos;
        sampleBytes = deliveredBytes - newest.deliveredWhenSent;
        long rtt = nowNanos - newest.sentNanos;
        if (newest.transmissions == 1 || rtt >= minRttNanos) {
            rttNanos = rtt;
        }
        long intervalNanos = Math.max(newest.sentNanos - newest.firstSentNanos, nowNanos - newest.deliveredNanos);
        if (intervalNanos > 0 && intervalNanos >= minRttNanos) {
            bytesPerSecond = sampleBytes * NANOS_PER_SECOND / intervalNanos;
        }
    }

    /// What was lost since `chunk` was sent, that chunk included.
    long lostSince(SentChunk chunk) {
        return lostBytes - chunk.lostWhenSent;
    }

    /// The losses that this SACK has shown are known.
    void finish(@Nullable SentChunk newest) {
        lostSinceSent = newest == null ? 0 : lostSince(newest);
    }
}
