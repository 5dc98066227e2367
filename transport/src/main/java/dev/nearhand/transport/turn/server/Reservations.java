package dev.nearhand.transport.turn.server;

import dev.nearhand.transport.time.TimerTable;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Ports that an EVEN-PORT has kept for the allocation that names their token.
final class Reservations {
    /// When full nothing more is kept.
    static final int LIMIT = 64;

    /// "It is RECOMMENDED that the server … at least 30 seconds".
    private static final long KEPT_NANOS = 30_000_000_000L;

    private record Kept(InetSocketAddress relay, long endsNanos) {}

    private final Map<Long, Kept> byToken = new LinkedHashMap<>();

    boolean hasRoom() {
        return byToken.size() < LIMIT;
    }

    boolean keeps(InetSocketAddress relay) {
        return byToken.values().stream().anyMatch(kept -> kept.relay.equals(relay));
    }

    void keep(long nowNanos, long token, InetSocketAddress relay) {
        byToken.put(token, new Kept(relay, nowNanos + KEPT_NANOS));
    }

    /// The address behind a token, which is used up by that; null when there is none.
    @Nullable
    InetSocketAddress redeem(long token) {
        Kept kept = byToken.remove(token);
        return kept == null ? null : kept.relay;
    }

    void handleTimeout(long nowNanos) {
        byToken.values().removeIf(kept -> kept.endsNanos <= nowNanos);
    }

    /// All are kept equally long, so the oldest ends first.
    long nextTimeoutNanos() {
        return byToken.isEmpty()
                ? TimerTable.NEVER
                : byToken.values().iterator().next().endsNanos;
    }
}
