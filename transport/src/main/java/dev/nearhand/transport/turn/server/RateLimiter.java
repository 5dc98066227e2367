package dev.nearhand.transport.turn.server;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/// Decides whether a request that proves nothing is answered: an answer is longer than the request, and its source may
/// be a lie.
final class RateLimiter {
    /// Sources that are remembered; when full the one that was quiet for longest is forgotten. Who lies about many
    /// sources meets the overall limit.
    static final int SOURCES_LIMIT = 4_096;

    private final RateLimits limits;
    private final TokenBucket overall;
    private final Map<Source, TokenBucket> bySource = new LinkedHashMap<>(16, 0.75f, true);

    RateLimiter(RateLimits limits) {
        this.limits = limits;
        this.overall = new TokenBucket(0, limits.overallPerSecond(), limits.overallPerSecond());
    }

    boolean admits(long nowNanos, InetAddress address) {
        Source source = Source.of(address);
        TokenBucket own = bySource.get(source);
        if (own == null) {
            if (bySource.size() == SOURCES_LIMIT) {
                bySource.remove(bySource.keySet().iterator().next());
            }
            own = new TokenBucket(nowNanos, limits.perAddressPerSecond(), limits.perAddressBurst());
            bySource.put(source, own);
        }
        return own.take(nowNanos, 1) && overall.take(nowNanos, 1);
    }
}
