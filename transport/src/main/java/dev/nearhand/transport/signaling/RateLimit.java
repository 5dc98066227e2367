package dev.nearhand.transport.signaling;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/// How many requests each address may make: a bucket of tokens for each, which fills again with time. Any thread.
final class RateLimit {
    /// Addresses that are remembered; the one that asked longest ago is forgotten for a new one.
    static final int ADDRESSES_LIMIT = 1_024;

    private static final int BURST_SECONDS = 5;
    private static final double NANOS_PER_SECOND = 1e9;

    private final int perSecond;
    private final Map<InetAddress, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Bucket> eldest) {
            return size() > ADDRESSES_LIMIT;
        }
    };

    private static final class Bucket {
        private double tokens;
        private long filledNanos;
    }

    RateLimit(int perSecond) {
        this.perSecond = perSecond;
    }

    /// Whether one more request is within the limit; it counts then.
    synchronized boolean allows(InetAddress address, long nowNanos) {
        double most = (double) perSecond * BURST_SECONDS;
        Bucket bucket = buckets.computeIfAbsent(address, _ -> {
            Bucket full = new Bucket();
            full.tokens = most;
            full.filledNanos = nowNanos;
            return full;
        });
        double gained = (nowNanos - bucket.filledNanos) / NANOS_PER_SECOND * perSecond;
        bucket.tokens = Math.min(most, bucket.tokens + Math.max(0, gained));
        bucket.filledNanos = nowNanos;
        if (bucket.tokens < 1) {
            return false;
        }
        bucket.tokens--;
        return true;
    }
}
