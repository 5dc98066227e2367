package dev.nearhand.app.rendezvous;

import dev.nearhand.app.signaling.HostNumber;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Which host is found under which number. A number stays reserved for its host's key for [#KEPT_SECONDS] after it has
/// left, so that a connection that breaks costs nobody their code. One thread; knows no sockets.
///
/// At most `limit` numbers; when all are taken, the one that was left longest ago is given up, and when all their hosts
/// are here, nobody else is taken.
///
/// @param <H> how a host is reached
final class HostBook<H> {
    static final long KEPT_SECONDS = 600;

    private static final class Entry<H> {
        private final String key;
        private @Nullable H host;
        private long leftNanos;

        Entry(String key) {
            this.key = key;
        }
    }

    /// What became of a registration.
    ///
    /// @param before the same host's earlier connection, which this one replaces
    record Place<H>(String number, Optional<H> before) {}

    private final int limit;
    private final RandomGenerator random;
    /// In the order of registration.
    private final Map<String, Entry<H>> entries = new LinkedHashMap<>();

    /// @param limit at most half of all numbers, so that a free one is soon found
    HostBook(int limit, RandomGenerator random) {
        if (limit > 500_000) {
            throw new IllegalArgumentException("too many hosts for numbers of " + HostNumber.DIGITS + " digits");
        }
        this.limit = limit;
        this.random = random;
    }

    /// Empty when there is no room.
    ///
    /// @param wanted the number that the host had before, or empty; it gets that unless somebody else has it
    Optional<Place<H>> register(String wanted, String key, H host, long nowNanos) {
        Entry<H> known = entries.get(wanted);
        if (known != null && sameKey(known.key, key)) {
            Optional<H> before = Optional.ofNullable(known.host);
            known.host = host;
            return Optional.of(new Place<>(wanted, before));
        }
        forget(nowNanos);
        if (entries.size() >= limit) {
            return Optional.empty();
        }
        // after a restart of the rendezvous its hosts come back with the numbers that people were told
        String number = !wanted.isEmpty() && known == null ? wanted : free();
        Entry<H> made = new Entry<>(key);
        made.host = host;
        entries.put(number, made);
        return Optional.of(new Place<>(number, Optional.empty()));
    }

    Optional<H> find(String number) {
        return Optional.ofNullable(entries.get(number)).map(entry -> entry.host);
    }

    /// That connection of a host is gone.
    void left(String number, H host, long nowNanos) {
        Entry<H> entry = entries.get(number);
        if (entry != null && host.equals(entry.host)) {
            entry.host = null;
            entry.leftNanos = nowNanos;
        }
    }

    int size() {
        return entries.size();
    }

    /// What nobody has come back for; and the longest left when there is no room.
    private void forget(long nowNanos) {
        entries.values()
                .removeIf(entry ->
                        entry.host == null && nowNanos - entry.leftNanos > TimeUnit.SECONDS.toNanos(KEPT_SECONDS));
        if (entries.size() >= limit) {
            entries.entrySet().stream()
                    .filter(entry -> entry.getValue().host == null)
                    .min((a, b) -> Long.compare(a.getValue().leftNanos - nowNanos, b.getValue().leftNanos - nowNanos))
                    .map(Map.Entry::getKey)
                    .ifPresent(entries::remove);
        }
    }

    private String free() {
        String number;
        do {
            number = String.format(Locale.ROOT, "%0" + HostNumber.DIGITS + "d", random.nextInt(1_000_000));
        } while (entries.containsKey(number));
        return number;
    }

    private static boolean sameKey(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
